package ops

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// AddScalar is x + c for a fixed number c, elementwise. Any shape, float32 or
// float64. The gradient is grad. torch.add(x, c); for a c that is a node, use
// Add.
//
// TF: tf.add. PyTorch: torch.add. Dtypes: float. Gradient: yes.
func AddScalar(s *graph.Scope, x *gorgonia.Node, c float64) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  "AddScalar",
		Attrs: map[string]interface{}{"c": c},
		Infer: graph.SameFloat,
		Kernel: graph.Elementwise(
			func(y, x []float32) { kernel.AddScalar(y, x, float32(c)) },
			func(y, x []float64) { kernel.AddScalar(y, x, c) }),
		InPlace: []int{0},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return only(grad)
		},
	}, x)
}
