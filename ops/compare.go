package ops

import (
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// Comparisons give bool, broadcast as NumPy does. The operands have one dtype,
// any numeric one (Equal and NotEqual take bool too). NaN is unequal to all and
// neither less nor greater. They have no gradient.

// Equal is a == b, elementwise.
//
// TF: tf.equal. PyTorch: torch.eq. Dtypes: any. Gradient: no.
func Equal(s *graph.Scope, a, b *gorgonia.Node) *gorgonia.Node {
	return compare(s, "Equal", a, b, anyDtype, byDtype{
		f32: equal[float32]().bind, f64: equal[float64]().bind,
		i: equal[int]().bind, i32: equal[int32]().bind, i64: equal[int64]().bind,
		u8: equal[uint8]().bind, bool: equal[bool]().bind,
	})
}

// NotEqual is a != b, elementwise.
//
// TF: tf.not_equal. PyTorch: torch.ne. Dtypes: any. Gradient: no.
func NotEqual(s *graph.Scope, a, b *gorgonia.Node) *gorgonia.Node {
	return compare(s, "NotEqual", a, b, anyDtype, byDtype{
		f32: notEqual[float32]().bind, f64: notEqual[float64]().bind,
		i: notEqual[int]().bind, i32: notEqual[int32]().bind, i64: notEqual[int64]().bind,
		u8: notEqual[uint8]().bind, bool: notEqual[bool]().bind,
	})
}

// Less is a < b, elementwise.
//
// TF: tf.less. PyTorch: torch.lt. Dtypes: number. Gradient: no.
func Less(s *graph.Scope, a, b *gorgonia.Node) *gorgonia.Node {
	return compare(s, "Less", a, b, numbers, byDtype{
		f32: less[float32]().bind, f64: less[float64]().bind,
		i: less[int]().bind, i32: less[int32]().bind, i64: less[int64]().bind, u8: less[uint8]().bind,
	})
}

// LessEqual is a <= b, elementwise.
//
// TF: tf.less_equal. PyTorch: torch.le. Dtypes: number. Gradient: no.
func LessEqual(s *graph.Scope, a, b *gorgonia.Node) *gorgonia.Node {
	return compare(s, "LessEqual", a, b, numbers, byDtype{
		f32: lessEqual[float32]().bind, f64: lessEqual[float64]().bind,
		i: lessEqual[int]().bind, i32: lessEqual[int32]().bind, i64: lessEqual[int64]().bind, u8: lessEqual[uint8]().bind,
	})
}

// Greater is a > b, elementwise.
//
// TF: tf.greater. PyTorch: torch.gt. Dtypes: number. Gradient: no.
func Greater(s *graph.Scope, a, b *gorgonia.Node) *gorgonia.Node {
	return compare(s, "Greater", a, b, numbers, byDtype{
		f32: less[float32]().swapped().bind, f64: less[float64]().swapped().bind,
		i: less[int]().swapped().bind, i32: less[int32]().swapped().bind, i64: less[int64]().swapped().bind,
		u8: less[uint8]().swapped().bind,
	})
}

// GreaterEqual is a >= b, elementwise.
//
// TF: tf.greater_equal. PyTorch: torch.ge. Dtypes: number. Gradient: no.
func GreaterEqual(s *graph.Scope, a, b *gorgonia.Node) *gorgonia.Node {
	return compare(s, "GreaterEqual", a, b, numbers, byDtype{
		f32: lessEqual[float32]().swapped().bind, f64: lessEqual[float64]().swapped().bind,
		i: lessEqual[int]().swapped().bind, i32: lessEqual[int32]().swapped().bind, i64: lessEqual[int64]().swapped().bind,
		u8: lessEqual[uint8]().swapped().bind,
	})
}

func compare(s *graph.Scope, name string, a, b *gorgonia.Node, allowed dtypes, kernels byDtype) *gorgonia.Node {
	same := inferBroadcast(allowed)
	return graph.Apply(s, graph.OpDef{
		Name: name,
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			out, err := same(in)
			return graph.Spec{Dtype: tensor.Bool, Shape: out.Shape}, err
		},
		Kernel: kernels.first,
	}, a, b)
}

// swapped is the same relation with its operands exchanged.
func (f pair[T, U]) swapped() pair[T, U] {
	return pair[T, U]{
		both:  func(out []U, a, b []T) { f.both(out, b, a) },
		right: func(out []U, a []T, b T) { f.left(out, b, a) },
		left:  func(out []U, a T, b []T) { f.right(out, b, a) },
	}
}

func equal[T comparable]() pair[T, bool] {
	one := func(out []bool, a []T, b T) {
		for i, v := range a {
			out[i] = v == b
		}
	}
	return pair[T, bool]{
		both: func(out []bool, a, b []T) {
			for i, v := range a {
				out[i] = v == b[i]
			}
		},
		right: one,
		left:  func(out []bool, a T, b []T) { one(out, b, a) },
	}
}

func notEqual[T comparable]() pair[T, bool] {
	one := func(out []bool, a []T, b T) {
		for i, v := range a {
			out[i] = v != b
		}
	}
	return pair[T, bool]{
		both: func(out []bool, a, b []T) {
			for i, v := range a {
				out[i] = v != b[i]
			}
		},
		right: one,
		left:  func(out []bool, a T, b []T) { one(out, b, a) },
	}
}

func less[T number]() pair[T, bool] {
	return pair[T, bool]{
		both: func(out []bool, a, b []T) {
			for i, v := range a {
				out[i] = v < b[i]
			}
		},
		right: func(out []bool, a []T, b T) {
			for i, v := range a {
				out[i] = v < b
			}
		},
		left: func(out []bool, a T, b []T) {
			for i, v := range b {
				out[i] = a < v
			}
		},
	}
}

func lessEqual[T number]() pair[T, bool] {
	return pair[T, bool]{
		both: func(out []bool, a, b []T) {
			for i, v := range a {
				out[i] = v <= b[i]
			}
		},
		right: func(out []bool, a []T, b T) {
			for i, v := range a {
				out[i] = v <= b
			}
		},
		left: func(out []bool, a T, b []T) {
			for i, v := range b {
				out[i] = a <= v
			}
		},
	}
}
