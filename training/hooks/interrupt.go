package hooks

import (
	"os"
	"os/signal"
	"sync"

	"github.com/plexaura/plexaura/training"
)

// Interrupt lets a user end the training with Ctrl-C: at the first SIGINT the step at work is
// finished, hooks save, and Fit returns without an error, with the reason in History.Stopped. A
// second one does what it does without this hook, which is to kill the process.
type Interrupt struct {
	training.NoHook

	Signals []os.Signal // default: os.Interrupt

	end  chan struct{}
	done sync.WaitGroup
}

// Begin listens for the signals.
func (h *Interrupt) Begin(l *training.Loop) error {
	signals := h.Signals
	if len(signals) == 0 {
		signals = []os.Signal{os.Interrupt}
	}
	received := make(chan os.Signal, 1)
	end := make(chan struct{})
	h.end = end
	signal.Notify(received, signals...)
	h.done.Add(1)
	go func() {
		defer h.done.Done()
		defer signal.Stop(received)
		select {
		case s := <-received:
			l.Stop("signal: " + s.String())
		case <-end:
		}
	}()
	return nil
}

// End stops listening.
func (h *Interrupt) End(*training.Loop) error {
	close(h.end)
	h.done.Wait()
	return nil
}
