package ops

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// Abs is |x|, elementwise. Any shape; floats and signed integers. The gradient
// is grad*Sign(x), 0 at 0.
//
// TF: tf.abs. PyTorch: torch.abs. Dtypes: number. Gradient: yes.
func Abs(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  "Abs",
		Infer: inferUnary(signed),
		Kernel: byDtype{
			f32: single(kernel.Abs[float32]), f64: single(kernel.Abs[float64]),
			i: single(absInts[int]), i32: single(absInts[int32]), i64: single(absInts[int64]),
		}.first,
		InPlace: []int{0},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return only(Mul(s, grad, Sign(s, in[0])))
		},
	}, x)
}

func absInts[T integer](out, x []T) {
	for i, v := range x {
		if v < 0 {
			v = -v
		}
		out[i] = v
	}
}
