package ops

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// Square is x*x, elementwise. Any shape, any numeric dtype. The gradient is
// 2*grad*x.
//
// TF: tf.square. PyTorch: torch.square. Dtypes: number. Gradient: yes.
func Square(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  "Square",
		Infer: inferUnary(numbers),
		Kernel: byDtype{
			f32: single(kernel.Square[float32]), f64: single(kernel.Square[float64]),
			i: single(squareInts[int]), i32: single(squareInts[int32]), i64: single(squareInts[int64]), u8: single(squareInts[uint8]),
		}.first,
		InPlace: []int{0},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return only(Scale(s, Mul(s, grad, in[0]), 2))
		},
	}, x)
}

func squareInts[T integer](out, x []T) {
	for i, v := range x {
		out[i] = v * v
	}
}
