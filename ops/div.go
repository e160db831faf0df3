package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// Div is the elementwise quotient a / b, broadcast as NumPy does.
//
// Operands of one dtype, any numeric one. Floats follow IEEE 754 (1/0 is +Inf,
// 0/0 NaN). Integers truncate towards zero as Go's do; an integer divided by
// zero is an error of the Run. The gradients are grad/b and -grad*(a/b)/b,
// summed to the shape of each operand.
//
// TF: tf.divide, tf.truncatediv. PyTorch: torch.div. Dtypes: number. Gradient: yes.
func Div(s *graph.Scope, a, b *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  "Div",
		Infer: inferBroadcast(numbers),
		Kernel: byDtype{
			f32: divFloats[float32]().bind, f64: divFloats[float64]().bind,
			i: byDivisor(divInts[int]()), i32: byDivisor(divInts[int32]()), i64: byDivisor(divInts[int64]()),
			u8: byDivisor(divInts[uint8]()),
		}.first,
		InPlace: []int{0, 1},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			a, b := in[0], in[1]
			da := Div(s, grad, b)
			return gorgonia.Nodes{
				sumToInput(s, da, a, b),
				Neg(s, sumToInput(s, Mul(s, da, out), b, a)),
			}
		},
	}, a, b)
}

func divFloats[T float]() pair[T, T] {
	return pair[T, T]{both: kernel.Div[T], right: kernel.DivScalar[T], left: kernel.ScalarDiv[T]}
}

func divInts[T integer]() pair[T, T] {
	return pair[T, T]{
		both: func(out, a, b []T) {
			for i, v := range a {
				out[i] = v / b[i]
			}
		},
		right: func(out, a []T, b T) {
			for i, v := range a {
				out[i] = v / b
			}
		},
		left: func(out []T, a T, b []T) {
			for i, v := range b {
				out[i] = a / v
			}
		},
	}
}

// byDivisor binds a quotient of integers that looks for a zero among the
// divisors before it divides.
func byDivisor[T integer](f pair[T, T]) binder {
	return func(b *graph.Binding) (graph.Kernel, error) {
		divide, err := f.bind(b)
		if err != nil {
			return nil, err
		}
		return func(c *graph.Call) error {
			if c.Out.Size() == 0 {
				return nil
			}
			for i, v := range elements[T](c.In[1]) {
				if v == 0 {
					return errors.Errorf("integer division by zero: element %d of the divisor is 0", i)
				}
			}
			return divide(c)
		}, nil
	}
}
