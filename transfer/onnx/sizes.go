package onnx

import (
	"math"
	"slices"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

// sizes are numbers that follow from the shapes of nodes, a list or one number. Exporters compute the shapes for Reshape and
// its like so, from sizes that are not known before the Run.
type sizes struct {
	list   []size
	scalar bool
	whole  bool // integers, whose quotients are rounded towards zero
}

// size is one number: a function of the shapes of nodes, NaN where these are not known yet.
type size struct {
	nodes gorgonia.Nodes
	value func(shapes []tensor.Shape) float64
	axis  int // of a single node whose size along this axis it is; -1 for others
}

func sizeIs(v float64) size {
	return size{value: func([]tensor.Shape) float64 { return v }, axis: -1}
}

func sizesAre(v []int) []size {
	list := make([]size, len(v))
	for i, n := range v {
		list[i] = sizeIs(float64(n))
	}
	return list
}

// sizeAt is the size of x along an axis.
func sizeAt(x *gorgonia.Node, axis int) size {
	if n := graph.SpecOf(x).Shape[axis]; n >= 0 {
		return sizeIs(float64(n))
	}
	return size{nodes: gorgonia.Nodes{x}, axis: axis, value: func(shapes []tensor.Shape) float64 {
		if n := shapes[0][axis]; n >= 0 {
			return float64(n)
		}
		return math.NaN()
	}}
}

// of applies f to sizes.
func sizeOf(f func(v []float64) float64, from ...size) size {
	s := size{axis: -1}
	for _, a := range from {
		s.nodes = append(s.nodes, a.nodes...)
	}
	s.value = func(shapes []tensor.Shape) float64 {
		v := make([]float64, len(from))
		for i, a := range from {
			if v[i] = a.value(shapes[:len(a.nodes)]); math.IsNaN(v[i]) {
				return v[i]
			}
			shapes = shapes[len(a.nodes):]
		}
		return f(v)
	}
	return s
}

// known returns the number where the shapes are known that it follows from.
func (s size) known() (v float64, ok bool) {
	shapes := make([]tensor.Shape, len(s.nodes))
	for i, n := range s.nodes {
		shapes[i] = graph.SpecOf(n).Shape
	}
	v = s.value(shapes)
	return v, !math.IsNaN(v)
}

// isAxisOf tells whether the size is that of x along an axis.
func (s size) isAxisOf(x *gorgonia.Node, axis int) bool {
	return s.axis == axis && len(s.nodes) == 1 && s.nodes[0] == x
}

// known returns all numbers where they are known.
func (s *sizes) known() ([]float64, bool) {
	list := make([]float64, len(s.list))
	for i, v := range s.list {
		var ok bool
		if list[i], ok = v.known(); !ok {
			return nil, false
		}
	}
	return list, true
}

// mostSizes is more than a shape has.
const mostSizes = 64

// sizes returns input i as sizes; nil where it is none.
func (c *call) sizes(i int) *sizes {
	if !c.has(i) {
		return nil
	}
	v := c.in[i]
	if v.sizes != nil {
		return v.sizes
	}
	if c.rank(i) > 1 || product(c.shape(i)) > mostSizes {
		return nil
	}
	list, err := c.numbers(i)
	if err != nil {
		return nil
	}
	s := &sizes{scalar: c.rank(i) == 0, whole: v.node == nil || graph.SpecOf(v.node).IsInt()}
	if t := c.weight(i); t != nil {
		dt, err := t.Dtype()
		s.whole = err == nil && graph.Spec{Dtype: dt}.IsInt()
	}
	for _, n := range list {
		s.list = append(s.list, sizeIs(n))
	}
	return s
}

// unknown returns input i where it is sizes that are not all known.
func (c *call) unknown(i int) *sizes {
	if !c.has(i) || c.in[i].sizes == nil {
		return nil
	}
	return c.in[i].sizes
}

// ofShape is a node of this shape, of which nothing else is to be used.
func (c *call) ofShape(list []size) *gorgonia.Node {
	all := sizeOf(nil, list...)
	def := graph.OpDef{
		Name: "OfShape",
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			out := graph.Spec{Dtype: c.s.Graph().Dtype()}
			shapes := make([]tensor.Shape, len(in))
			for i := range in {
				shapes[i] = in[i].Shape
			}
			for _, s := range list {
				v := s.value(shapes[:len(s.nodes)])
				shapes = shapes[len(s.nodes):]
				switch {
				case math.IsNaN(v):
					v = graph.Unknown
				case v < 0 || v > math.MaxInt32:
					return out, errors.Errorf("the shape that the model computes has a size of %v", v)
				}
				out.Shape = append(out.Shape, int(v))
			}
			return out, nil
		},
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			return nil, errors.New("only its shape may be used")
		},
		NotDifferentiable: true,
	}
	for i := range all.nodes {
		def.ShapeOnly = append(def.ShapeOnly, i)
	}
	return graph.Apply(c.s, def, all.nodes...)
}

// follow notes how the first output follows from shapes, where it does.
func (c *call) follow(outs []*value) {
	f := following[c.Op]
	if f == nil || len(outs) == 0 || outs[0] == nil || outs[0].tensor != nil || graph.IsBad(outs[0].node) {
		return
	}
	if c.Op != "Shape" && c.Op != "Size" && !slices.ContainsFunc(c.in, func(v *value) bool { return v != nil && v.sizes != nil }) {
		return // what constants make is known without
	}
	s := f(c)
	if s == nil || len(s.list) > mostSizes {
		return
	}
	list, known := s.known()
	if !known {
		outs[0].sizes = s
		return
	}
	shape := []int{len(list)}
	if s.scalar {
		shape = nil
	}
	switch dt := graph.SpecOf(outs[0].node).Dtype; dt {
	case tensor.Int64:
		ints := make([]int, len(list))
		for i, v := range list {
			ints[i] = int(v)
		}
		outs[0] = stored(ints, shape...)[0]
	case tensor.Int32, tensor.Float32, tensor.Float64, tensor.Bool:
		x := tensor.New(tensor.WithShape(len(list)), tensor.WithBacking(list))
		outs[0] = &value{node: ops.Cast(c.s, ops.Reshape(c.s, graph.Const(c.s, x), shape...), dt)}
	}
}
