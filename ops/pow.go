package ops

import (
	"math"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// Pow is a to the power b, elementwise and broadcast as NumPy does, with the
// special values of math.Pow (Pow(0, 0) is 1; a negative base with a fraction
// as exponent gives NaN).
//
// float32 or float64, both of one dtype; a float32 result is rounded from
// float64. The gradients are grad*b*a^(b-1), 0 where b is 0, and
// grad*y*log(a), 0 where a <= 0, as TensorFlow defines them; each is summed to
// the shape of its operand. tf.pow, torch.pow.
func Pow(s *graph.Scope, a, b *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:    "Pow",
		Infer:   inferBroadcast(floats),
		Kernel:  byDtype{f32: powers[float32]().bind, f64: powers[float64]().bind}.first,
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

func powers[T float]() pair[T, T] {
	return pair[T, T]{
		both: func(out, a, b []T) {
			for i, v := range a {
				out[i] = T(math.Pow(float64(v), float64(b[i])))
			}
		},
		right: func(out, a []T, b T) {
			for i, v := range a {
				out[i] = T(math.Pow(float64(v), float64(b)))
			}
		},
		left: func(out []T, a T, b []T) {
			for i, v := range b {
				out[i] = T(math.Pow(float64(a), float64(v)))
			}
		},
	}
}
