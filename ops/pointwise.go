package ops

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// pointwise is an elementwise op on floats whose gradient is computed from its
// input.
type pointwise struct {
	name  string
	attrs map[string]interface{}

	y32 func(y, x []float32)
	y64 func(y, x []float64)
	// dx32 and dx64 set dx to dy times the derivative at x; dx may be dy or x.
	dx32 func(dx, dy, x []float32)
	dx64 func(dx, dy, x []float64)

	rectifies float64 // y is min(max(x, 0), rectifies) where this is not 0

	// slope expresses the derivative in ops, for second order. nil says that it
	// is piecewise constant.
	slope func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node
}

func (p pointwise) apply(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	forward := graph.Elementwise(p.y32, p.y64)
	if p.rectifies > 0 {
		forward = rectifier(p.rectifies, forward)
	}
	return graph.Apply(s, graph.OpDef{
		Name:    p.name,
		Attrs:   p.attrs,
		Infer:   graph.SameFloat,
		Kernel:  forward,
		InPlace: []int{0},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return only(p.grad(s, grad, in[0]))
		},
	}, x)
}

func (p pointwise) grad(s *graph.Scope, grad, x *gorgonia.Node) *gorgonia.Node {
	def := graph.OpDef{
		Name:    p.name + "_grad",
		Attrs:   p.attrs,
		Infer:   sameTwo,
		Kernel:  zipKernel(p.dx32, p.dx64),
		InPlace: []int{0, 1},
	}
	if p.slope == nil {
		def.Gradient = func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return only(p.grad(s, grad, in[1]))
		}
	} else {
		def.Composite = func(s *graph.Scope, in gorgonia.Nodes) gorgonia.Nodes {
			return only(Mul(s, in[0], p.slope(s, in[1])))
		}
	}
	return graph.Apply(s, def, grad, x)
}
