package ops

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// Log is the natural logarithm, elementwise: -Inf at 0, NaN below. Any shape,
// float32 or float64. The gradient is grad/x.
//
// TF: tf.log. PyTorch: torch.log. Dtypes: float. Gradient: yes.
func Log(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:    "Log",
		Infer:   graph.SameFloat,
		Kernel:  graph.Elementwise(kernel.Log[float32], kernel.Log[float64]),
		InPlace: []int{0},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return only(Div(s, grad, in[0]))
		},
	}, x)
}
