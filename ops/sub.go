package ops

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// Sub is the elementwise difference a - b, broadcast as NumPy does.
//
// Operands of one dtype, any numeric one; integers wrap around as Go's do. The
// gradients are grad and -grad, summed to the shape of each operand.
//
// TF: tf.subtract. PyTorch: torch.sub. Dtypes: number. Gradient: yes.
func Sub(s *graph.Scope, a, b *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  "Sub",
		Infer: inferBroadcast(numbers),
		Kernel: byDtype{
			f32: subFloats[float32]().bind, f64: subFloats[float64]().bind,
			i: subInts[int]().bind, i32: subInts[int32]().bind, i64: subInts[int64]().bind, u8: subInts[uint8]().bind,
		}.first,
		InPlace: []int{0, 1},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return gorgonia.Nodes{
				sumToInput(s, grad, in[0], in[1]),
				Neg(s, sumToInput(s, grad, in[1], in[0])),
			}
		},
	}, a, b)
}

func subFloats[T float]() pair[T, T] {
	return pair[T, T]{
		both:  kernel.Sub[T],
		right: func(out, a []T, b T) { kernel.AddScalar(out, a, -b) },
		left:  kernel.ScalarSub[T],
	}
}

func subInts[T integer]() pair[T, T] {
	return pair[T, T]{
		both: func(out, a, b []T) {
			for i, v := range a {
				out[i] = v - b[i]
			}
		},
		right: func(out, a []T, b T) {
			for i, v := range a {
				out[i] = v - b
			}
		},
		left: func(out []T, a T, b []T) {
			for i, v := range b {
				out[i] = a - v
			}
		},
	}
}
