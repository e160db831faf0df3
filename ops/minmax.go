package ops

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// Minimum is the lesser of a and b, elementwise and broadcast as NumPy does;
// NaN if either is NaN. Operands of one dtype, any numeric one. The gradient
// goes to a where a <= b, else to b. tf.minimum; torch.minimum, which halves it
// at ties.
//
// TF: tf.minimum. PyTorch: torch.minimum. Dtypes: number. Gradient: yes.
func Minimum(s *graph.Scope, a, b *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  "Minimum",
		Infer: inferBroadcast(numbers),
		Kernel: byDtype{
			f32: lesserFloats[float32]().bind, f64: lesserFloats[float64]().bind,
			i: lesserInts[int]().bind, i32: lesserInts[int32]().bind, i64: lesserInts[int64]().bind, u8: lesserInts[uint8]().bind,
		}.first,
		InPlace: []int{0, 1},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return toChosen(s, in, grad, LessEqual(s, in[0], in[1]))
		},
	}, a, b)
}

// Maximum is the greater of a and b, elementwise and broadcast as NumPy does;
// NaN if either is NaN. Operands of one dtype, any numeric one. The gradient
// goes to a where a >= b, else to b. tf.maximum; torch.maximum, which halves it
// at ties.
//
// TF: tf.maximum. PyTorch: torch.maximum. Dtypes: number. Gradient: yes.
func Maximum(s *graph.Scope, a, b *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  "Maximum",
		Infer: inferBroadcast(numbers),
		Kernel: byDtype{
			f32: greaterFloats[float32]().bind, f64: greaterFloats[float64]().bind,
			i: greaterInts[int]().bind, i32: greaterInts[int32]().bind, i64: greaterInts[int64]().bind, u8: greaterInts[uint8]().bind,
		}.first,
		InPlace: []int{0, 1},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return toChosen(s, in, grad, GreaterEqual(s, in[0], in[1]))
		},
	}, a, b)
}

// toChosen gives grad to the first operand where first holds, else to the
// second.
func toChosen(s *graph.Scope, in gorgonia.Nodes, grad, first *gorgonia.Node) gorgonia.Nodes {
	zero := graph.ConstOf(s, grad.Dtype(), 0.0)
	return gorgonia.Nodes{
		sumToInput(s, Where(s, first, grad, zero), in[0], in[1]),
		sumToInput(s, Where(s, first, zero, grad), in[1], in[0]),
	}
}

func lesserFloats[T float]() pair[T, T] {
	return pair[T, T]{
		both:  kernel.Minimum[T],
		right: kernel.MinimumScalar[T],
		left:  func(out []T, a T, b []T) { kernel.MinimumScalar(out, b, a) },
	}
}

func lesserInts[T integer]() pair[T, T] {
	least := func(out, a []T, b T) {
		for i, v := range a {
			out[i] = min(v, b)
		}
	}
	return pair[T, T]{
		both: func(out, a, b []T) {
			for i, v := range a {
				out[i] = min(v, b[i])
			}
		},
		right: least,
		left:  func(out []T, a T, b []T) { least(out, b, a) },
	}
}

func greaterFloats[T float]() pair[T, T] {
	return pair[T, T]{
		both:  kernel.Maximum[T],
		right: kernel.MaximumScalar[T],
		left:  func(out []T, a T, b []T) { kernel.MaximumScalar(out, b, a) },
	}
}

func greaterInts[T integer]() pair[T, T] {
	most := func(out, a []T, b T) {
		for i, v := range a {
			out[i] = max(v, b)
		}
	}
	return pair[T, T]{
		both: func(out, a, b []T) {
			for i, v := range a {
				out[i] = max(v, b[i])
			}
		},
		right: most,
		left:  func(out []T, a T, b []T) { most(out, b, a) },
	}
}
