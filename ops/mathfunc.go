package ops

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// derivative is the slope of an elementwise function of x at its output y.
type derivative func(s *graph.Scope, x, y *gorgonia.Node) *gorgonia.Node

// mathFunction applies an elementwise function that package math computes in
// float64; a float32 result is rounded from that. Its gradient is grad times
// the derivative; without one it has none.
func mathFunction(s *graph.Scope, name string, x *gorgonia.Node, f func(float64) float64, d derivative) *gorgonia.Node {
	def := graph.OpDef{
		Name:              name,
		Infer:             graph.SameFloat,
		Kernel:            graph.Elementwise(mathLoop[float32](f), mathLoop[float64](f)),
		InPlace:           []int{0},
		NotDifferentiable: d == nil,
	}
	if d != nil {
		def.Gradient = func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return only(Mul(s, grad, d(s, in[0], out)))
		}
	}
	return graph.Apply(s, def, x)
}

func mathLoop[T float](f func(float64) float64) func(out, x []T) {
	return func(out, x []T) {
		for i, v := range x {
			out[i] = T(f(float64(v)))
		}
	}
}

// oneMinusSquare is 1 - x*x without cancellation at 1 and -1.
func oneMinusSquare(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return Mul(s, AddScalar(s, Neg(s, x), 1), AddScalar(s, x, 1))
}

// onePlusSquare is 1 + x*x.
func onePlusSquare(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return AddScalar(s, Square(s, x), 1)
}
