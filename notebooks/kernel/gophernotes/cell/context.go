// Package cell has what surrounds the execution of one notebook cell: a context that ends with its interruption, its
// output in the order in which it was made, and its errors as they are shown.
package cell

import (
	"context"
	"sync"
	"time"
)

// Context is the context of whatever cell runs. It is cancelled when the cell is interrupted, and whole again when the
// next one begins: what a cell keeps of it in a variable serves later cells too. Contexts derived from it stay
// cancelled.
type Context struct {
	mu     sync.Mutex
	inner  context.Context // exchanged when it is cancelled; what is derived from Context hangs on it
	cancel context.CancelFunc
}

// NewContext returns a context that is not cancelled.
func NewContext() *Context {
	c := &Context{}
	c.inner, c.cancel = context.WithCancel(context.Background())
	return c
}

// Renew makes the context whole again.
func (c *Context) Renew() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.inner.Err() != nil {
		c.inner, c.cancel = context.WithCancel(context.Background())
	}
}

// Cancel cancels the context until Renew, and by its return all that is derived from it.
func (c *Context) Cancel() {
	c.mu.Lock()
	cancel := c.cancel
	c.mu.Unlock()
	cancel()
}

// current is the context that is cancelled with the cell that runs.
func (c *Context) current() context.Context {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.inner
}

// Done returns a channel that is closed when the cell that runs is interrupted.
func (c *Context) Done() <-chan struct{} { return c.current().Done() }

// Err returns context.Canceled from an interruption until the next cell.
func (c *Context) Err() error { return c.current().Err() }

// Deadline returns that there is none.
func (c *Context) Deadline() (deadline time.Time, ok bool) { return time.Time{}, false }

// Value returns nil, but to package context, which finds by it what a derived context is to be cancelled with. Otherwise
// it would have a goroutine wait for each, that might ask for Err after Renew.
func (c *Context) Value(key any) any { return c.current().Value(key) }

// String returns how the context is shown.
func (c *Context) String() string { return "the notebook cell's context" }
