package onnx

import (
	"bytes"
	"fmt"
	"io"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/transfer/weights"
)

// form is where the value of a node stands in the model: under which name as the graph lays it out, and, of images, under
// which one with the channels first; "" where it does not.
type form struct{ plain, first string }

// toFirst and toLast are the transpositions of images between [batch, height, width, channels] and [batch, channels, height, width].
var (
	toFirst = []int{0, 3, 1, 2}
	toLast  = []int{0, 2, 3, 1}
)

// permuted puts the axes of a shape into another order.
func permuted(shape, perm []int) []int {
	out := make([]int, len(perm))
	for i, a := range perm {
		out[i] = shape[a]
	}
	return out
}

// plain returns the name of a value as the graph lays it out.
func (ex *exporter) plain(n *gorgonia.Node) string {
	f := ex.form(n)
	if f.plain == "" {
		if ex.isStored(n) {
			f.plain = ex.initializer(n, nil, nil)
		} else {
			f.plain = ex.transpose(f.first, ex.g.NameOf(n)+"/channels_last", toLast)
		}
	}
	return f.plain
}

// first returns the name of an image with the channels first.
func (ex *exporter) first(n *gorgonia.Node) string {
	f := ex.form(n)
	if f.first == "" {
		if ex.isStored(n) {
			f.first = ex.initializer(n, nil, toFirst)
		} else {
			f.first = ex.transpose(f.plain, ex.g.NameOf(n)+"/channels_first", toFirst)
		}
	}
	return f.first
}

func (ex *exporter) form(n *gorgonia.Node) *form {
	if ex.forms[n] == nil {
		ex.forms[n] = &form{}
	}
	return ex.forms[n]
}

// isStored tells whether a node's value is an initializer.
func (ex *exporter) isStored(n *gorgonia.Node) bool {
	return !ex.isInput[n] && (ex.constant[n] || ex.variables[n] != nil)
}

func (ex *exporter) transpose(x, name string, perm []int) string {
	y := ex.unique(name)
	ex.model.Graph.Nodes = append(ex.model.Graph.Nodes, Node{Name: y, Op: "Transpose", Inputs: []string{x}, Outputs: []string{y},
		Attributes: attributes{"perm": perm}.encode()})
	return y
}

// initializer stores the value of a node in a shape, which may be nil for its own, with the axes in another order, and returns its name.
func (ex *exporter) initializer(n *gorgonia.Node, shape, perm []int) string {
	key := fmt.Sprint(n.ID(), shape, perm)
	if name, ok := ex.stored[key]; ok {
		return name
	}
	x := ex.variables[n]
	if x == nil {
		var err error
		if x, err = ex.known(n); err != nil {
			return ex.fail(err)
		}
	}
	t, err := tensorOf("", x)
	if err == nil && shape != nil {
		t, err = t.Reshape(shape...)
	}
	if err == nil && perm != nil {
		t, err = t.Transpose(perm...)
	}
	if err != nil {
		return ex.fail(err)
	}
	t.Name = ex.unique(ex.g.NameOf(n))
	ex.model.Graph.Initializers = append(ex.model.Graph.Initializers, t)
	ex.stored[key] = t.Name
	return t.Name
}

// number stores numbers that no node of the graph has, and returns their name.
func (ex *exporter) number(x *tensor.Dense) string {
	key := fmt.Sprint(x.Dtype(), x.Shape())
	if x.Shape().TotalSize() > 0 { // of an empty one Data panics
		key += fmt.Sprint(x.Data())
	}
	if name, ok := ex.stored[key]; ok {
		return name
	}
	t, err := tensorOf(ex.unique("number"), x)
	if err != nil {
		return ex.fail(err)
	}
	ex.model.Graph.Initializers = append(ex.model.Graph.Initializers, t)
	ex.stored[key] = t.Name
	return t.Name
}

// ints stores a list of integers.
func (ex *exporter) ints(v ...int) string {
	wide := make([]int64, len(v))
	for i, d := range v {
		wide[i] = int64(d)
	}
	return ex.number(tensor.New(tensor.WithShape(len(v)), tensor.WithBacking(wide)))
}

// fail keeps the first error, and returns a name for what cannot be had.
func (ex *exporter) fail(err error) string {
	if ex.err == nil {
		ex.err = err
	}
	return "failed"
}

// tensorOf is a tensor of weights with the elements of x, which must not change.
func tensorOf(name string, x *tensor.Dense) (weights.Tensor, error) {
	dt, err := storedAs(x.Dtype())
	t := weights.Tensor{Name: name, DType: dt, Shape: append([]int{}, x.Shape()...)}
	t.Held = int64(x.Shape().TotalSize()) * int64(dt.Size())
	t.Open = func() (io.Reader, error) {
		b := bytes.NewBuffer(make([]byte, 0, t.Held))
		return b, weights.WriteElements(b, x)
	}
	return t, err
}

// storedAs is how a model stores a dtype.
func storedAs(dt tensor.Dtype) (weights.DType, error) {
	switch dt {
	case tensor.Float32:
		return weights.Float32, nil
	case tensor.Float64:
		return weights.Float64, nil
	case tensor.Int32:
		return weights.Int32, nil
	case tensor.Int64, tensor.Int:
		return weights.Int64, nil
	case tensor.Uint8:
		return weights.Uint8, nil
	case tensor.Bool:
		return weights.Bool, nil
	}
	return weights.Invalid, errors.Errorf("a value of dtype %v cannot be exported; want float32, float64, int, int32, int64, uint8 or bool", dt)
}

// attributes are a node's, as int, bool, float64, string, []int or *tensor.Dense.
type attributes map[string]interface{}

func (a attributes) encode() map[string]Attribute {
	out := map[string]Attribute{}
	for name, v := range a {
		switch v := v.(type) {
		case bool:
			n := int64(0)
			if v {
				n = 1
			}
			out[name] = Attribute{Type: Int, Int: n}
		case int:
			out[name] = Attribute{Type: Int, Int: int64(v)}
		case float64:
			out[name] = Attribute{Type: Float, Float: float32(v)}
		case string:
			out[name] = Attribute{Type: String, String: v}
		case []int:
			ints := make([]int64, len(v))
			for i, d := range v {
				ints[i] = int64(d)
			}
			out[name] = Attribute{Type: Ints, Ints: ints}
		case weights.Tensor:
			out[name] = Attribute{Type: Tensor, Tensor: &v}
		}
	}
	return out
}

// dataType is the number of a dtype.
func dataType(dt tensor.Dtype) int {
	d, _ := storedAs(dt)
	return int(dataTypes[d])
}

// denseOf is a tensor of a dtype with these elements, a scalar where there is no shape.
func denseOf(dt tensor.Dtype, v []float64, shape ...int) *tensor.Dense {
	var backing interface{}
	switch dt {
	case tensor.Float32:
		backing = converted[float32](v)
	case tensor.Float64:
		backing = v
	case tensor.Int32:
		backing = converted[int32](v)
	case tensor.Uint8:
		backing = converted[uint8](v)
	case tensor.Bool:
		b := make([]bool, len(v))
		for i := range v {
			b[i] = v[i] != 0
		}
		backing = b
	default: // int too is 64 bits in a model
		backing = converted[int64](v)
	}
	return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(backing))
}

func converted[T float32 | int32 | int64 | uint8](v []float64) []T {
	out := make([]T, len(v))
	for i, e := range v {
		out[i] = T(e)
	}
	return out
}

// scalarOf is a number of a dtype.
func scalarOf(dt tensor.Dtype, v float64) *tensor.Dense { return denseOf(dt, []float64{v}) }
