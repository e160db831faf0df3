package ops

import (
	"math"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// Rsqrt is 1/sqrt(x), elementwise: +Inf at 0, NaN below, 0 at +Inf. Any shape,
// float32 (rounded once, from float64) or float64. The gradient is
// -grad*y*y*y/2.
// TF: tf.rsqrt. PyTorch: torch.rsqrt. Dtypes: float. Gradient: yes.
func Rsqrt(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:    "Rsqrt",
		Infer:   graph.SameFloat,
		Kernel:  graph.Elementwise(inverseRoots[float32], inverseRoots[float64]),
		InPlace: []int{0},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return only(Mul(s, Scale(s, grad, -0.5), Mul(s, out, Square(s, out))))
		},
	}, x)
}

func inverseRoots[T float](out, x []T) {
	for i, v := range x {
		out[i] = T(1 / math.Sqrt(float64(v)))
	}
}
