package ops

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// Scale is factor*x for a fixed factor, elementwise. Any shape, float32 or
// float64. The gradient is factor*grad. tf.scalar_mul; for a factor that is a
// node, use Mul.
//
// TF: tf.scalar_mul. PyTorch: torch.mul. Dtypes: float. Gradient: yes.
func Scale(s *graph.Scope, x *gorgonia.Node, factor float64) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  "Scale",
		Attrs: map[string]interface{}{"factor": factor},
		Infer: graph.SameFloat,
		Kernel: graph.Elementwise(
			func(y, x []float32) { kernel.MulScalar(y, x, float32(factor)) },
			func(y, x []float64) { kernel.MulScalar(y, x, factor) }),
		InPlace: []int{0},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return only(Scale(s, grad, factor))
		},
	}, x)
}
