//go:build gophernotes

package main

import (
	"fmt"
	"go/ast"
	"image"
	"maps"
	"strings"

	"github.com/cosmos72/gomacro/xreflect"

	"github.com/plexaura/plexaura/notebooks/kernel/gophernotes/cell"
	"github.com/plexaura/plexaura/notebooks/show"
)

// results leaves out of a cell's values what is nil. The error that the cell's last call returned fails the cell, as it
// would end a program that checks it; an error in a variable is a value like others.
func results(nodes []ast.Node, values []interface{}, types []xreflect.Type) ([]interface{}, []xreflect.Type, error) {
	if n := len(values); n > 0 {
		if err, ok := values[n-1].(error); ok && endsWithCall(nodes) {
			return nil, nil, err
		}
	}
	var present []interface{}
	var presentTypes []xreflect.Type
	for i, v := range values {
		if !cell.IsNil(v) {
			present, presentTypes = append(present, v), append(presentTypes, types[i])
		}
	}
	return present, presentTypes, nil
}

// endsWithCall tells whether the last statement of a cell is a call.
func endsWithCall(nodes []ast.Node) bool {
	if len(nodes) == 0 {
		return false
	}
	last := nodes[len(nodes)-1]
	if statement, ok := last.(*ast.ExprStmt); ok {
		last = statement.X
	}
	_, call := last.(*ast.CallExpr)
	return call
}

// renderResults takes the place of gophernotes' autoRenderResults. A value that cannot be shown does not fail the cell.
func (kernel *Kernel) renderResults(values []interface{}, types []xreflect.Type) Data {
	switch len(values) {
	case 0:
		return Data{}
	case 1:
		return kernel.renderValue(values[0], types[0])
	}
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = fmt.Sprint(kernel.renderValue(v, types[i]).Data[MIMETypeText])
	}
	return MakeData(MIMETypeText, strings.Join(texts, " "))
}

// renderValue shows a value as it shows itself, or else as the package show does, or as text.
func (kernel *Kernel) renderValue(v interface{}, t xreflect.Type) (data Data) {
	defer func() {
		if r := recover(); r != nil {
			data = MakeData(MIMETypeText, fmt.Sprintf("(a value of type %T that cannot be shown: %s)", v, cell.Text(r)))
		}
	}()
	var compiled *Kernel // whose methods gophernotes finds by type assertion
	simple, isSimple := v.(SimpleRenderer)
	if own, ok := v.(Data); ok { // into whose map gophernotes would write
		own.Data = maps.Clone(own.Data)
		v = own
	}
	switch {
	case isSimple: // and nothing else that it may have methods for
		data.Data = simple.SimpleRender()
	case isPicture(v):
		data.Data, _ = show.Value(v)
	case compiled.canAutoRender(v, nil):
		data = compiled.autoRender("", v, nil)
	case kernel.canAutoRender(v, t):
		data = kernel.autoRender("", v, t)
	default:
		if bundle, ok := show.Value(v); ok {
			data.Data = bundle
		}
	}
	data = sendable(data)
	if _, ok := data.Data[MIMETypeText]; !ok {
		data.Data[MIMETypeText] = cell.Text(v)
	}
	return data
}

// isPicture tells whether v is an image without a way of its own to be shown. gophernotes would show it at its full size,
// with its pixels as text.
func isPicture(v interface{}) bool {
	switch v.(type) {
	case Renderer, SimpleRenderer, HTMLer, JavaScripter, JPEGer, JSONer, Latexer, Markdowner, PNGer, PDFer, SVGer:
		return false
	case image.Image:
		return true
	}
	return false
}
