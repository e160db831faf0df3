package ops

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
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
			f32: single(squares[float32]), f64: single(squares[float64]),
			i: single(squares[int]), i32: single(squares[int32]), i64: single(squares[int64]), u8: single(squares[uint8]),
		}.first,
		InPlace: []int{0},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return only(Scale(s, Mul(s, grad, in[0]), 2))
		},
	}, x)
}

func squares[T number](out, x []T) {
	for i, v := range x {
		out[i] = v * v
	}
}
