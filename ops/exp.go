package ops

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// Exp is e to the power x, elementwise: +Inf beyond the range, 0 far below. Any
// shape, float32 or float64. The gradient is grad*y.
//
// TF: tf.exp. PyTorch: torch.exp. Dtypes: float. Gradient: yes.
func Exp(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:    "Exp",
		Infer:   graph.SameFloat,
		Kernel:  graph.Elementwise(kernel.Exp[float32], kernel.Exp[float64]),
		InPlace: []int{0},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return only(Mul(s, grad, out))
		},
	}, x)
}
