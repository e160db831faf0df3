//go:build gophernotes

package main

import (
	"errors"
	"reflect"

	"github.com/cosmos72/gomacro/imports"

	"github.com/plexaura/plexaura/notebooks/kernel/gophernotes/cell"
)

// sendable is data as it can be sent: gophernotes would show nothing of what cannot be JSON.
func sendable(data Data) Data {
	return Data{Data: cell.Bundle(data.Data), Metadata: cell.Metadata(data.Metadata), Transient: cell.Metadata(data.Transient)}
}

// displayed makes a function that shows data wait until what was printed before is shown.
func displayed(publish func(Data) error) func(Data) error {
	return func(data Data) error {
		stdout.Flush()
		stderr.Flush()
		return publish(sendable(data))
	}
}

// displayBundle shows a MIME bundle in the cell that runs, as a new output that is known by id, or with update in place of
// what id shows.
func displayBundle(id string, bundle map[string]interface{}, update bool) error {
	receipt := lastCell.Load()
	if receipt == nil {
		return errors.New("no cell has run yet")
	}
	stdout.Flush()
	stderr.Flush()
	message := "display_data"
	if update {
		message = "update_display_data"
	}
	return receipt.Publish(message, map[string]interface{}{
		"data":      cell.Bundle(bundle),
		"metadata":  map[string]interface{}{},
		"transient": map[string]interface{}{"display_id": id},
	})
}

// jsoner stands for interpreted types with a method JSON. gophernotes' own has the wrong result, with which a cell that
// declares such a type panics.
type jsoner struct {
	Object interface{}
	JSON_  func(interface{}) map[string]interface{}
}

func (p *jsoner) JSON() map[string]interface{} { return p.JSON_(p.Object) }

// bindDisplay repairs the package display as cells see it.
func bindDisplay() {
	imports.Packages["display"].Proxies["JSONer"] = reflect.TypeOf((*jsoner)(nil)).Elem()
}
