package ops

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// LogicalAnd is a && b, elementwise and broadcast as NumPy does, of bool
// operands.
//
// TF: tf.logical_and. PyTorch: torch.logical_and. Dtypes: bool. Gradient: no.
func LogicalAnd(s *graph.Scope, a, b *gorgonia.Node) *gorgonia.Node {
	return logical(s, "LogicalAnd", a, b, func(a, b bool) bool { return a && b })
}

// LogicalOr is a || b, elementwise and broadcast as NumPy does, of bool
// operands.
//
// TF: tf.logical_or. PyTorch: torch.logical_or. Dtypes: bool. Gradient: no.
func LogicalOr(s *graph.Scope, a, b *gorgonia.Node) *gorgonia.Node {
	return logical(s, "LogicalOr", a, b, func(a, b bool) bool { return a || b })
}

// LogicalXor is a != b, elementwise and broadcast as NumPy does, of bool operands.
// TF: tf.logical_xor. PyTorch: torch.logical_xor. Dtypes: bool. Gradient: no.
func LogicalXor(s *graph.Scope, a, b *gorgonia.Node) *gorgonia.Node {
	return logical(s, "LogicalXor", a, b, func(a, b bool) bool { return a != b })
}

// LogicalNot is !x, elementwise, of a bool operand.
//
// TF: tf.logical_not. PyTorch: torch.logical_not. Dtypes: bool. Gradient: no.
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
	return graph.Apply(s, graph.OpDef{
		Name:    name,
		Infer:   inferBroadcast(bools),
		Kernel:  pairOf(f).bind,
		InPlace: []int{0, 1},
	}, a, b)
}
