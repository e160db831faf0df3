package ops

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// Log1p is ln(1 + x), elementwise, accurate near 0 as well: -Inf at -1, NaN
// below. Any shape, float32 or float64. The gradient is grad/(1 + x).
// TF: tf.log1p. PyTorch: torch.log1p. Dtypes: float. Gradient: yes.
func Log1p(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:    "Log1p",
		Infer:   graph.SameFloat,
		Kernel:  graph.Elementwise(kernel.Log1p[float32], kernel.Log1p[float64]),
		InPlace: []int{0},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return only(Div(s, grad, AddScalar(s, in[0], 1)))
		},
	}, x)
}
