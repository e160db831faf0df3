package ops

import (
	"math"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// Atan2 is the angle of the point (x, y) in [-pi, pi], elementwise and broadcast
// as NumPy does, with the special values of math.Atan2. y comes first.
//
// float32 or float64, both of one dtype. The gradients are grad*x/(x*x + y*y) for
// y and -grad*y/(x*x + y*y) for x, summed to the shape of each operand; both are
// 0 at the origin, as in PyTorch (TensorFlow gives NaN).
// TF: tf.atan2. PyTorch: torch.atan2. Dtypes: float. Gradient: yes.
func Atan2(s *graph.Scope, y, x *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:    "Atan2",
		Infer:   inferBroadcast(floats),
		Kernel:  byDtype{f32: pairOf(inFloat64[float32](math.Atan2)).bind, f64: pairOf(math.Atan2).bind}.first,
		InPlace: []int{0, 1},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			y, x := in[0], in[1]
			squares := Add(s, Square(s, x), Square(s, y))
			origin := Equal(s, squares, graph.ZerosLike(s, squares))
			share := Div(s, grad, Where(s, origin, graph.OnesLike(s, squares), squares))
			return gorgonia.Nodes{
				sumToInput(s, Mul(s, share, x), y, x),
				Neg(s, sumToInput(s, Mul(s, share, y), x, y)),
			}
		},
	}, y, x)
}
