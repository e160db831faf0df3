package tensorflow

import (
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/philox"
	"github.com/plexaura/plexaura/ops"
)

// shaped returns a node of the given sizes, of which only the shape is meant to be used: ops that take a shape from another node
// take it from this one, and it is never computed.
func shaped(s *graph.Scope, dtype tensor.Dtype, z *sizes) *gorgonia.Node {
	nodes := z.nodes()
	return graph.Apply(s, graph.OpDef{
		Name:      "Shaped",
		ShapeOnly: upTo(len(nodes)),
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			return graph.Spec{Dtype: dtype, Shape: z.at(nodes, in)}, nil
		},
		Kernel:            func(*graph.Binding) (graph.Kernel, error) { return func(*graph.Call) error { return nil }, nil },
		NotDifferentiable: true,
	}, nodes...)
}

// reshape gives x other sizes, of which one may be -1.
func reshape(s, inner *graph.Scope, x *gorgonia.Node, z *sizes) *gorgonia.Node {
	free, to := 0, make([]int, len(z.of))
	for i, n := range z.of {
		to[i] = n.known
		if n.from != nil {
			to[i] = graph.Unknown
		}
		if to[i] < 0 {
			free++
		}
	}
	if free <= 1 {
		return ops.Reshape(s, x, to...)
	}
	whole := *z
	whole.of = append([]size(nil), z.of...)
	for i, n := range z.of {
		if n.from == nil && n.known == graph.Unknown {
			whole.of[i] = rest(x, z.of, i)
		}
	}
	return ops.ReshapeLike(s, x, shaped(inner, tensor.Bool, &whole))
}

// rest is the size that follows from the number of elements of x and the other sizes.
func rest(x *gorgonia.Node, of []size, at int) size {
	product, others := fixed(1), fixed(1)

	for a := range graph.SpecOf(x).Shape {
		product, _ = combine(times, product, axisOf(x, a))
	}
	for i, n := range of {
		if i != at {
			others, _ = combine(times, others, n)
		}
	}
	out, _ := combine(func(a, b int) int { return a / max(1, b) }, product, others)
	return out
}

// broadcast repeats x to the given sizes.
func broadcast(s, inner *graph.Scope, x *gorgonia.Node, z *sizes) *gorgonia.Node {
	if to, ok := z.known(); ok {
		return ops.BroadcastTo(s, x, to...)
	}
	return ops.BroadcastLike(s, x, shaped(inner, tensor.Bool, z))
}

// distribution draws numbers of a dtype.
type distribution struct {
	fixed func(s *graph.Scope, cfg ops.RandomConfig, shape ...int) *gorgonia.Node
	f32   func(dst []float32, st philox.Stream, offset int)
	f64   func(dst []float64, st philox.Stream, offset int)
}

// draw draws a tensor of the given sizes.
func (d distribution) draw(s, inner *graph.Scope, dtype tensor.Dtype, z *sizes) *gorgonia.Node {
	if to, ok := z.known(); ok {
		return d.fixed(s, ops.RandomConfig{Dtype: dtype}, to...)
	}
	return graph.Apply(s, graph.OpDef{
		Name:      "RandomLike",
		ShapeOnly: []int{0},
		Infer:     func(in []graph.Spec) (graph.Spec, error) { return graph.Spec{Dtype: dtype, Shape: in[0].Shape}, nil },
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			key := philox.Key(b.Seed, b.Name)
			fill := func(c *graph.Call, lo, hi int) { d.f32(c.Out.Float32s()[lo:hi], philox.New(key, c.Draw), lo) }
			if dtype == tensor.Float64 {
				fill = func(c *graph.Call, lo, hi int) { d.f64(c.Out.Float64s()[lo:hi], philox.New(key, c.Draw), lo) }
			}
			return func(c *graph.Call) error { c.Split(c.Out.Size(), 1<<12, fill); return nil }, nil
		},
		Draws:             true,
		NotDifferentiable: true,
	}, shaped(inner, tensor.Bool, z))
}

// upTo lists 0 to n-1.
func upTo(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}
