package ops

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// Mul is the elementwise product a * b, broadcast as NumPy does.
//
// Operands of one dtype, any numeric one; integers wrap around as Go's do. The
// gradients are grad*b and grad*a, summed to the shape of each operand.
//
// TF: tf.multiply. PyTorch: torch.mul. Dtypes: number. Gradient: yes.
func Mul(s *graph.Scope, a, b *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  "Mul",
		Infer: inferBroadcast(numbers),
		Kernel: byDtype{
			f32: mulFloats[float32]().bind, f64: mulFloats[float64]().bind,
			i: mulInts[int]().bind, i32: mulInts[int32]().bind, i64: mulInts[int64]().bind, u8: mulInts[uint8]().bind,
		}.first,
		InPlace: []int{0, 1},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			a, b := in[0], in[1]
			return gorgonia.Nodes{
				sumToInput(s, Mul(s, grad, b), a, b),
				sumToInput(s, Mul(s, grad, a), b, a),
			}
		},
	}, a, b)
}

func mulFloats[T float]() pair[T, T] {
	return pair[T, T]{
		both:  kernel.Mul[T],
		right: kernel.MulScalar[T],
		left:  func(out []T, a T, b []T) { kernel.MulScalar(out, b, a) },
	}
}

func mulInts[T integer]() pair[T, T] {
	mul := func(out, a []T, b T) {
		for i, v := range a {
			out[i] = v * b
		}
	}
	return pair[T, T]{
		both: func(out, a, b []T) {
			for i, v := range a {
				out[i] = v * b[i]
			}
		},
		right: mul,
		left:  func(out []T, a T, b []T) { mul(out, b, a) },
	}
}
