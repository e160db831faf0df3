//go:build gophernotes

package main

import (
	"errors"
	"fmt"
	"os"
	"os/signal"
	"sync/atomic"
	"time"

	"github.com/cosmos72/gomacro/fast"
	"github.com/cosmos72/gomacro/xreflect"

	_ "github.com/plexaura/plexaura/notebooks/kernel/gophernotes/bound"
	"github.com/plexaura/plexaura/notebooks/kernel/gophernotes/cell"
	"github.com/plexaura/plexaura/notebooks/kernel/gophernotes/interpreter"
	"github.com/plexaura/plexaura/notebooks/show"
)

// The state of the kernel beside gophernotes' own. There is one interpreter in a process, and one cell at a time.
var (
	interrupter    cell.Interrupter
	stdout, stderr cell.Stream
	lastCell       atomic.Pointer[msgReceipt] // the cell that runs, or ran last
	stale          = make(chan string, 1)     // what the first cell says of another state of the sources
)

// newInterpreter takes the place of fast.New in gophernotes.
func newInterpreter() *fast.Interp {
	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, os.Interrupt) // before the interpreter is made, which takes a while
	ctx := cell.NewContext()
	interpreter.BindFunctions(ctx)
	bindDisplay()
	show.SetDisplay(displayBundle)
	ir := interpreter.New()
	interrupter = cell.Interrupter{
		Context:  ctx,
		Request:  func() { ir.Interrupt(nil) },
		Patience: 3 * time.Second,
		Waiting: func() {
			fmt.Fprintln(os.Stderr, "interrupted; waiting for a compiled call to return, which nothing can end but itself or a restart of the kernel")
		},
	}
	go func() {
		for range interrupts {
			interrupter.Interrupt()
		}
	}()
	go func() {
		defer func() { recover() }() // whatever it is, cells run without it
		if o, err := readOrigin(); err == nil {
			if text, err := o.Staleness("."); err == nil && text != "" {
				stale <- text
			}
		}
	}()
	return ir
}

// runCell runs a cell and renders its value. It takes the place of gophernotes' doEval, which it calls. What a value does to
// show itself belongs to the cell: it can be interrupted, and what it prints is shown.
func (kernel *Kernel) runCell(receipt *msgReceipt, out OutErr, code string) (data Data, err error) {
	lastCell.Store(receipt)
	select {
	case text := <-stale:
		fmt.Fprint(os.Stderr, text)
	default:
	}
	interrupter.Begin()
	nodes := interpreter.Parse(kernel.ir, cell.WithoutCommands(code))
	err = interpreter.CheckImports(nodes)
	var values []interface{}
	var types []xreflect.Type
	if err == nil {
		values, types, err = doEval(kernel.ir, out, code)
	}
	failed := err != nil
	if !failed {
		if values, types, err = results(nodes, values, types); err == nil {
			data = kernel.renderResults(values, types)
		}
	}
	if interrupter.End() {
		if failed {
			err = nil // the interpreter's word for it
		}
		err = cell.Interrupted(err)
	}
	if err != nil {
		if content, ok := receipt.Msg.Content.(map[string]interface{}); ok && content["stop_on_error"] != false {
			shellQueue.abort(receipt.Msg.Header.MsgID)
		}
		return Data{}, errors.New(cell.Message(err))
	}
	return data, nil
}
