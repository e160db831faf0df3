package tensorflow

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/tffile"
)

// call is a node under construction.
type call struct {
	*node
	im    *importer
	s     *graph.Scope // whose next op has the node's name
	parts *graph.Scope // for other ops that it is made of
	in    []*value
}

// operator builds a node and returns its outputs. What is wrong it tells by call.fail.
type operator func(c *call) []*value

// callError is what call.fail panics with, and importer.build recovers.
type callError struct{ error }

// fail ends the operator with an error.
func (c *call) fail(format string, args ...interface{}) {
	panic(callError{errors.Errorf(format, args...)})
}

// check ends the operator where there is an error.
func (c *call) check(err error) {
	if err != nil {
		panic(callError{err})
	}
}

func one(x *gorgonia.Node) []*value { return []*value{{node: x}} }

func several(xs ...*gorgonia.Node) []*value {
	out := make([]*value, len(xs))
	for i, x := range xs {
		out[i] = &value{node: x}
	}
	return out
}

// value returns input i.
func (c *call) value(i int) *value {
	if i >= len(c.in) {
		c.fail("it has %d inputs; number %d is missing", len(c.in), i)
	}
	return c.in[i]
}

// x returns input i as a node.
func (c *call) x(i int) *gorgonia.Node {
	x, err := c.value(i).gorgonia()
	c.check(errors.Wrapf(err, "input %d", i))
	return x
}

// xs returns inputs from to to-1.
func (c *call) xs(from, to int) gorgonia.Nodes {
	if to < from {
		c.fail("it has %d inputs; want at least %d", len(c.in), from)
	}
	var out gorgonia.Nodes
	for i := from; i < to; i++ {
		out = append(out, c.x(i))
	}
	return out
}

// spec returns dtype and shape of input i.
func (c *call) spec(i int) graph.Spec { return graph.SpecOf(c.x(i)) }

// rank returns the number of axes of input i.
func (c *call) rank(i int) int { return c.spec(i).Rank() }

// sizes returns input i, integers that are known or follow from shapes.
func (c *call) sizes(i int) *sizes {
	v := c.value(i)
	if z, ok := v.integers(); ok {
		return z
	}
	x, err := c.im.known(c, i)
	c.check(err)
	z := sizesOf(x)
	if z == nil {
		c.fail("input %d is %v of shape %v; want a vector of integers", i, x.Dtype(), x.Shape())
	}
	return z
}

// ints returns input i, which must be known.
func (c *call) ints(i int) []int {
	n, ok := c.sizes(i).known()
	if !ok {
		c.fail("input %d depends on sizes that are not known before a Run; want constants", i)
	}
	return n
}

// integer is ints of a single number.
func (c *call) integer(i int) int {
	n := c.ints(i)
	if len(n) != 1 {
		c.fail("input %d has %d numbers; want one", i, len(n))
	}
	return n[0]
}

// number returns input i, a single number that must be known.
func (c *call) number(i int) float64 {
	x, err := c.im.known(c, i)
	c.check(err)
	if x.Shape().TotalSize() != 1 {
		c.fail("input %d has the shape %v; want one number", i, x.Shape())
	}
	switch v := x.Data().(type) { // a scalar's is its number, a vector's a slice
	case float32:
		return float64(v)
	case float64:
		return v
	case int32:
		return float64(v)
	case int64:
		return float64(v)
	case []float32:
		return float64(v[0])
	case []float64:
		return v[0]
	case []int32:
		return float64(v[0])
	case []int64:
		return float64(v[0])
	}
	c.fail("input %d is %v; want a number", i, x.Dtype())
	return 0
}

// axes returns input i, axes of a tensor of so many, positive.
func (c *call) axes(i, rank int) []int {
	out := c.ints(i)
	for k, a := range out {
		out[k] = c.axis(a, rank)
	}
	return out
}

// axis makes an axis of a tensor of so many axes positive.
func (c *call) axis(a, rank int) int {
	if a < -rank || a >= rank {
		c.fail("axis %d of a tensor of %d axes", a, rank)
	}
	return (a + rank) % rank
}

// int, float, bool, text, list and dtype are attributes, or what they are by default.
func (c *call) int(name string, otherwise int) int {
	if v, ok := c.attrs[name].Value.(int64); ok {
		return int(v)
	}
	return otherwise
}

func (c *call) float(name string, otherwise float64) float64 {
	if v, ok := c.attrs[name].Value.(float32); ok {
		return float64(v)
	}
	return otherwise
}

func (c *call) bool(name string) bool {
	v, _ := c.attrs[name].Value.(bool)
	return v
}

func (c *call) text(name, otherwise string) string {
	if v, ok := c.attrs[name].Value.(string); ok {
		return v
	}
	return otherwise
}

func (c *call) list(name string) []int {
	v, _ := c.attrs[name].Value.([]int64)
	out := make([]int, len(v))
	for i, n := range v {
		out[i] = int(n)
	}
	return out
}

// dtype returns the dtype that the attribute of that name stands for here.
func (c *call) dtype(name string, otherwise tffile.DType) tensor.Dtype {
	d, ok := c.attrs[name].Value.(tffile.DType)
	if !ok {
		d = otherwise
	}
	dt, ok := working(d)
	if !ok {
		c.fail("its %s is %v; want floats, integers or bool", name, d)
	}
	return dt
}

// working returns the dtype that stands for d in a graph: of 16-bit floats and small integers there are none, so it is that which holds them.
func working(d tffile.DType) (tensor.Dtype, bool) {
	if d > refType {
		d -= refType
	}
	dt, ok := dtypes[d]
	if !ok {
		return tensor.Dtype{}, false
	}
	return dt.Working()
}

// refType is added to the dtype of a reference to a variable.
const refType = 100
