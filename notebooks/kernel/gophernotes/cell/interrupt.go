package cell

import (
	"sync"
	"time"
)

// Interrupter interrupts cells. The interpreter looks at its request between two statements, and forgets it where
// somebody recovers from the panic by which it leaves the cell, so the request is repeated until the cell ends.
type Interrupter struct {
	Context *Context // cancelled with the cell
	Request func()   // asks the interpreter to leave what it runs
	Waiting func()   // called when a cell does not end within Patience
	// Patience is how long a cell may go on after an interruption before Waiting is called.
	Patience time.Duration

	mu   sync.Mutex
	over chan struct{} // closed at the end of the cell that runs; nil between cells
	once bool          // the cell was interrupted
}

// Begin tells that a cell begins.
func (i *Interrupter) Begin() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.Context.Renew()
	i.over, i.once = make(chan struct{}), false
}

// End tells that the cell is over, and returns whether it was interrupted.
func (i *Interrupter) End() bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	close(i.over)
	i.over = nil
	return i.once
}

// Interrupt interrupts the cell that runs. Between cells it does nothing.
func (i *Interrupter) Interrupt() {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.over == nil || i.once {
		return
	}
	i.once = true
	i.Context.Cancel()
	i.Request()
	go i.insist(i.over)
}

// insist repeats the request until the cell is over.
func (i *Interrupter) insist(over chan struct{}) {
	again := time.NewTicker(100 * time.Millisecond)
	defer again.Stop()
	late := time.NewTimer(i.Patience)
	defer late.Stop()
	for {
		select {
		case <-over:
			return
		case <-late.C:
			i.Waiting()
		case <-again.C:
		}
		i.mu.Lock()
		if i.over == over { // not the next cell
			i.Request()
		}
		i.mu.Unlock()
	}
}
