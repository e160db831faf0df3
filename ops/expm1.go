package ops

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// Expm1 is exp(x) - 1, elementwise, accurate near 0 as well: +Inf beyond the
// range, -1 far below. Any shape, float32 or float64. The gradient is
// grad*exp(x).
// TF: tf.expm1. PyTorch: torch.expm1. Dtypes: float. Gradient: yes.
func Expm1(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:    "Expm1",
		Infer:   graph.SameFloat,
		Kernel:  graph.Elementwise(kernel.Expm1[float32], kernel.Expm1[float64]),
		InPlace: []int{0},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return only(Mul(s, grad, Exp(s, in[0]))) // y + 1 has lost exp(x) far below 0
		},
	}, x)
}
