package ops

import (
	"math"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// Pow is a to the power b, elementwise and broadcast as NumPy does, with the
// special values of math.Pow (Pow(0, 0) is 1; a negative base with a fraction
// as exponent gives NaN).
//
// Operands of one dtype, any numeric one; a float32 result is rounded from
// float64. Integers wrap around as Go's do, and a negative exponent is an error
// of the Run. The gradients are grad*b*a^(b-1), 0 where b is 0, and
// grad*y*log(a), 0 where a <= 0, as TensorFlow defines them; each is summed to
// the shape of its operand.
//
// TF: tf.pow. PyTorch: torch.pow. Dtypes: number. Gradient: yes.
func Pow(s *graph.Scope, a, b *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  "Pow",
		Infer: inferBroadcast(numbers),
		Kernel: byDtype{
			f32: pairOf(inFloat64[float32](math.Pow)).bind, f64: pairOf(math.Pow).bind,
			i: wholePowers[int], i32: wholePowers[int32], i64: wholePowers[int64], u8: wholePowers[uint8],
		}.first,
		InPlace: []int{0, 1},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			a, b := in[0], in[1]
			zero := graph.ConstOf(s, a.Dtype(), 0.0)
			one := graph.ConstOf(s, a.Dtype(), 1.0)
			// The dangerous values are replaced before they are used, so that no
			// 0*Inf appears in the derivatives of any order.
			exponent := AddScalar(s, Where(s, Equal(s, b, zero), one, b), -1)
			base := Where(s, Greater(s, a, zero), a, one)
			return gorgonia.Nodes{
				sumToInput(s, Mul(s, grad, Mul(s, b, Pow(s, a, exponent))), a, b),
				sumToInput(s, Mul(s, grad, Mul(s, out, Log(s, base))), b, a),
			}
		},
	}, a, b)
}

// wholePowers binds the powers of integers, which have no negative ones.
func wholePowers[T integer](b *graph.Binding) (graph.Kernel, error) {
	raise, err := pairOf(wholePower[T]).bind(b)
	if err != nil {
		return nil, err
	}
	return func(c *graph.Call) error {
		if c.Out.Size() == 0 {
			return nil
		}
		for i, v := range elements[T](c.In[1]) {
			if v < 0 {
				return errors.Errorf("element %d of the exponent is %d; an integer has no negative power (ops.Cast to a float)", i, v)
			}
		}
		return raise(c)
	}, nil
}

// wholePower is a to the power b >= 0, by squaring; it wraps around.
func wholePower[T integer](a, b T) T {
	y := T(1)
	for ; b > 0; b >>= 1 {
		if b&1 != 0 {
			y *= a
		}
		a *= a
	}
	return y
}
