package ops

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// Neg is -x, elementwise. Any shape; floats and signed integers. The gradient is
// -grad.
//
// TF: tf.negative. PyTorch: torch.neg. Dtypes: number. Gradient: yes.
func Neg(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  "Neg",
		Infer: inferUnary(signed),
		Kernel: byDtype{
			f32: single(kernel.Neg[float32]), f64: single(kernel.Neg[float64]),
			i: single(negateInts[int]), i32: single(negateInts[int32]), i64: single(negateInts[int64]),
		}.first,
		InPlace: []int{0},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return only(Neg(s, grad))
		},
	}, x)
}

func negateInts[T integer](out, x []T) {
	for i, v := range x {
		out[i] = -v
	}
}
