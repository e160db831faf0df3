package ops

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// Sqrt is the square root, elementwise, correctly rounded; NaN below 0. Any
// shape, float32 or float64. The gradient is grad/(2*y), infinite at 0.
//
// TF: tf.sqrt. PyTorch: torch.sqrt. Dtypes: float. Gradient: yes.
func Sqrt(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:    "Sqrt",
		Infer:   graph.SameFloat,
		Kernel:  graph.Elementwise(kernel.Sqrt[float32], kernel.Sqrt[float64]),
		InPlace: []int{0},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return only(Div(s, Scale(s, grad, 0.5), out))
		},
	}, x)
}
