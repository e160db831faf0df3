package ops

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// LogicalAnd is a && b, elementwise and broadcast as NumPy does, of bool
// operands. tf.logical_and, torch.logical_and.
func LogicalAnd(s *graph.Scope, a, b *gorgonia.Node) *gorgonia.Node {
	return logical(s, "LogicalAnd", a, b, func(a, b bool) bool { return a && b })
}

// LogicalOr is a || b, elementwise and broadcast as NumPy does, of bool
// operands. tf.logical_or, torch.logical_or.
func LogicalOr(s *graph.Scope, a, b *gorgonia.Node) *gorgonia.Node {
	return logical(s, "LogicalOr", a, b, func(a, b bool) bool { return a || b })
}

// LogicalNot is !x, elementwise, of a bool operand. tf.logical_not,
// torch.logical_not.
func LogicalNot(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  "LogicalNot",
		Infer: inferUnary(bools),
		Kernel: single(func(out, x []bool) {
			for i, v := range x {
				out[i] = !v
			}
		}),
		InPlace: []int{0},
	}, x)
}

func logical(s *graph.Scope, name string, a, b *gorgonia.Node, f func(a, b bool) bool) *gorgonia.Node {
	one := func(out, a []bool, b bool) {
		for i, v := range a {
			out[i] = f(v, b)
		}
	}
	return graph.Apply(s, graph.OpDef{
		Name:  name,
		Infer: inferBroadcast(bools),
		Kernel: pair[bool, bool]{
			both: func(out, a, b []bool) {
				for i, v := range a {
					out[i] = f(v, b[i])
				}
			},
			right: one,
			left:  func(out []bool, a bool, b []bool) { one(out, b, a) },
		}.bind,
		InPlace: []int{0, 1},
	}, a, b)
}
