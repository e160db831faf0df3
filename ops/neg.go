package ops

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
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
			f32: single(negate[float32]), f64: single(negate[float64]),
			i: single(negate[int]), i32: single(negate[int32]), i64: single(negate[int64]),
		}.first,
		InPlace: []int{0},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return only(Neg(s, grad))
		},
	}, x)
}

func negate[T number](out, x []T) {
	for i, v := range x {
		out[i] = -v
	}
}
