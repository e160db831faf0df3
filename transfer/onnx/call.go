package onnx

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/transfer/network"
	"github.com/plexaura/plexaura/transfer/weights"
)

// call is a node under construction.
type call struct {
	Node
	im    *importer
	s     *graph.Scope
	in    []*value // nil for one that is left out
	opset int64
}

// operator builds a node and returns its outputs.
type operator func(c *call) ([]*value, error)

func one(x *gorgonia.Node) []*value { return []*value{{node: x}} }

func lastOne(x *gorgonia.Node) []*value { return []*value{{last: x}} }

// has tells whether input i is there.
func (c *call) has(i int) bool { return i < len(c.in) && c.in[i] != nil }

// x returns input i in ONNX's layout.
func (c *call) x(i int) (*gorgonia.Node, error) {
	if !c.has(i) {
		return nil, errors.Errorf("input %d is missing", i)
	}
	return c.im.first(c.in[i])
}

// image returns input i with the channels last.
func (c *call) image(i int) (*gorgonia.Node, error) {
	if !c.has(i) {
		return nil, errors.Errorf("input %d is missing", i)
	}
	return c.im.channelsLast(c.in[i])
}

// rank returns that of input i, 0 where it is left out.
func (c *call) rank(i int) int {
	if !c.has(i) {
		return 0
	}
	switch v := c.in[i]; {
	case v.last != nil:
		return 4
	case v.node != nil:
		return graph.SpecOf(v.node).Rank()
	default:
		return len(v.tensor.Shape)
	}
}

// shape returns that of input i, in ONNX's layout; nil where it is left out.
func (c *call) shape(i int) tensor.Shape {
	if !c.has(i) {
		return nil
	}
	switch v := c.in[i]; {
	case v.node != nil:
		return graph.SpecOf(v.node).Shape
	case v.last != nil:
		s := graph.SpecOf(v.last).Shape
		return tensor.Shape{s[0], s[3], s[1], s[2]}
	default:
		return v.tensor.Shape
	}
}

// weight returns the stored tensor of input i, nil where it is computed.
func (c *call) weight(i int) *weights.Tensor {
	if !c.has(i) || c.in[i].tensor == nil {
		return nil
	}
	return c.in[i].tensor
}

// known returns the value of input i where that does not depend on what is fed, or learned: stored in the
// model, or computed from such values.
func (c *call) known(i int) (*tensor.Dense, error) {
	if t := c.weight(i); t != nil {
		return t.Read()
	}
	x, err := c.x(i)
	if err != nil {
		return nil, err
	}
	out, err := network.Known(c.s.Graph(), x, func(n *gorgonia.Node, d graph.Description) error {
		if sp := d.Spec; sp.Known() && sp.Shape.TotalSize() > mostKnown && d.Kind != graph.ConstNode {
			return errors.Errorf("it is computed of %v, more than %d elements; want it stored in the model", sp, mostKnown)
		}
		return nil
	})
	if errors.Is(err, network.ErrComputed) {
		return nil, errors.Errorf("input %d is computed; want it stored in the model, or a constant", i)
	}
	return out, errors.Wrapf(err, "input %d", i)
}

// mostKnown bounds the elements of each value that an import computes: shapes, axes and scales are few, and tables of positions that they are cut out of
// not many more.
const mostKnown = 1 << 22

// numbers returns the elements of input i, which must be known.
func (c *call) numbers(i int) ([]float64, error) {
	if !c.has(i) {
		return nil, errors.Errorf("input %d is missing", i)
	}
	x, err := c.known(i)
	if err != nil {
		return nil, err
	}
	if x.Shape().TotalSize() == 0 {
		return nil, nil
	}
	v := graph.Values{x}
	var out []float64
	switch x.Dtype() {
	case tensor.Float32:
		for _, e := range v.Float32s(0) {
			out = append(out, float64(e))
		}
	case tensor.Float64:
		out = append(out, v.Float64s(0)...)
	case tensor.Int32:
		for _, e := range v.Int32s(0) {
			out = append(out, float64(e))
		}
	case tensor.Int64:
		for _, e := range v.Int64s(0) {
			out = append(out, float64(e))
		}
	default:
		return nil, errors.Errorf("input %d is %v; want numbers", i, x.Dtype())
	}
	return out, nil
}

// integers is numbers, as ints.
func (c *call) integers(i int) ([]int, error) {
	v, err := c.numbers(i)
	out := make([]int, len(v))
	for k, e := range v {
		out[k] = int(max(-1<<62, min(1<<62, e)))
	}
	return out, err
}

// int, float, text and list are attributes, or what they are by default.
func (c *call) int(name string, otherwise int) int {
	if a, ok := c.Attributes[name]; ok {
		return int(a.Int)
	}
	return otherwise
}

func (c *call) float(name string, otherwise float64) float64 {
	if a, ok := c.Attributes[name]; ok {
		return float64(a.Float)
	}
	return otherwise
}

func (c *call) text(name, otherwise string) string {
	if a, ok := c.Attributes[name]; ok {
		return a.String
	}
	return otherwise
}

func (c *call) list(name string) []int {
	a, ok := c.Attributes[name]
	if !ok {
		return nil
	}
	out := make([]int, len(a.Ints))
	for i, v := range a.Ints {
		out[i] = int(v)
	}
	return out
}

// axis makes an axis of a tensor of so many axes positive.
func axis(a, rank int) (int, error) {
	if a < -rank || a >= rank {
		return 0, errors.Errorf("axis %d of a tensor of %d axes", a, rank)
	}
	return (a + rank) % rank, nil
}
