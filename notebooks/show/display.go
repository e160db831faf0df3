package show

import (
	"fmt"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// display is where live pictures go; nil outside of notebooks.
var display struct {
	sync.Mutex
	to    func(id string, bundle map[string]interface{}, update bool) error
	count atomic.Int64
}

// SetDisplay tells where live pictures go; nil: nowhere. The kernel calls it. What it is given gets an id that is unique in the process, a
// bundle keyed by MIME type, and whether that takes the place of what the id shows. It may be called from any goroutine.
func SetDisplay(to func(id string, bundle map[string]interface{}, update bool) error) {
	display.Lock()
	defer display.Unlock()
	display.to = to
}

// Live tells whether there is a notebook that shows pictures.
func Live() bool { return sink() != nil }

func sink() func(id string, bundle map[string]interface{}, update bool) error {
	display.Lock()
	defer display.Unlock()
	return display.to
}

// Display shows a value in the middle of a cell, as the cell's own value would be shown: by its method SimpleRender, or by its methods HTML,
// JavaScript, JPEG, JSON, Latex, Markdown, PNG, PDF, SVG and Render, which gophernotes knows; else as Value does; else as text. A type that a cell
// declares has no methods for compiled code: hand over what they return, as in Display(display.HTML(x.HTML())). Outside of a notebook Display
// prints the text.
func Display(v interface{}) error { return new(Area).Show(v) }

// Area is a place in a cell's output whose picture changes. The zero value is ready; it is for one goroutine at a time.
type Area struct {
	id string
}

// Show shows a value in the place of the last one. Outside of a notebook it prints the text of each.
func (a *Area) Show(v interface{}) error {
	bundle := bundleOf(v)
	to := sink()
	if to == nil {
		_, err := fmt.Fprintln(os.Stdout, bundle["text/plain"])
		return err
	}
	update := a.id != ""
	if !update {
		a.id = "plexaura-" + strconv.FormatInt(started, 36) + "-" + strconv.FormatInt(display.count.Add(1), 10)
	}
	return to(a.id, bundle, update)
}

// started tells the ids of one process from those of another, which a page may still show.
var started = time.Now().UnixNano()
