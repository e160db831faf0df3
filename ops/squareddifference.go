package ops

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// SquaredDifference is (a - b)*(a - b), elementwise and broadcast as NumPy does.
//
// Operands of one dtype, any numeric one; integers wrap around as Go's do. The
// gradients are 2*grad*(a - b) and its negative, summed to the shape of each
// operand.
// TF: tf.squared_difference. PyTorch: torch.nn.functional.mse_loss with reduction "none". Dtypes: number. Gradient: yes.
func SquaredDifference(s *graph.Scope, a, b *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  "SquaredDifference",
		Infer: inferBroadcast(numbers),
		Kernel: byDtype{
			f32: squaredDifferenceFloats[float32]().bind, f64: squaredDifferenceFloats[float64]().bind,
			i: squaredDifferenceInts[int]().bind, i32: squaredDifferenceInts[int32]().bind, i64: squaredDifferenceInts[int64]().bind,
			u8: squaredDifferenceInts[uint8]().bind,
		}.first,
		InPlace: []int{0, 1},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			a, b := in[0], in[1]
			d := Mul(s, Scale(s, grad, 2), Sub(s, a, b))
			return gorgonia.Nodes{sumToInput(s, d, a, b), Neg(s, sumToInput(s, d, b, a))}
		},
	}, a, b)
}

func squaredDifferenceFloats[T float]() pair[T, T] {
	one := func(out, a []T, b T) {
		kernel.AddScalar(out, a, -b)
		kernel.Square(out, out)
	}
	return pair[T, T]{
		both:  kernel.SquaredDifference[T],
		right: one,
		left:  func(out []T, a T, b []T) { one(out, b, a) },
	}
}

func squaredDifferenceInts[T integer]() pair[T, T] {
	one := func(out, a []T, b T) {
		for i, v := range a {
			out[i] = (v - b) * (v - b)
		}
	}
	return pair[T, T]{
		both: func(out, a, b []T) {
			for i, v := range a {
				d := v - b[i]
				out[i] = d * d
			}
		},
		right: one,
		left:  func(out []T, a T, b []T) { one(out, b, a) },
	}
}
