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
	mu   sync.Mutex
	done chan struct{}
	err  error
}

// NewContext returns a context that is not cancelled.
func NewContext() *Context { return &Context{done: make(chan struct{})} }

// Renew makes the context whole again.
func (c *Context) Renew() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err != nil {
		c.done, c.err = make(chan struct{}), nil
	}
}

// Cancel cancels the context until Renew.
func (c *Context) Cancel() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err == nil {
		c.err = context.Canceled
		close(c.done)
	}
}

// Done returns a channel that is closed when the cell that runs is interrupted.
func (c *Context) Done() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.done
}

// Err returns context.Canceled from an interruption until the next cell.
func (c *Context) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

// Deadline returns that there is none.
func (c *Context) Deadline() (deadline time.Time, ok bool) { return time.Time{}, false }

// Value returns nil.
func (c *Context) Value(key any) any { return nil }

// String returns how the context is shown.
func (c *Context) String() string { return "the notebook cell's context" }
