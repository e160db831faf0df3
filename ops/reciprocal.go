package ops

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// Reciprocal is 1/x, elementwise, with infinities for zeros. Any shape, float32
// or float64. The gradient is -grad*y*y.
// TF: tf.reciprocal. PyTorch: torch.reciprocal. Dtypes: float. Gradient: yes.
func Reciprocal(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:    "Reciprocal",
		Infer:   graph.SameFloat,
		Kernel:  graph.Elementwise(reciprocals[float32], reciprocals[float64]),
		InPlace: []int{0},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return only(Neg(s, Mul(s, grad, Square(s, out))))
		},
	}, x)
}

func reciprocals[T float](out, x []T) {
	kernel.ScalarDiv(out, 1, x)
}
