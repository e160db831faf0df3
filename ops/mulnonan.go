package ops

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// MulNoNan is a*b, but 0 wherever b is 0, even where a is infinite or NaN;
// elementwise, and broadcast as NumPy does. It is what masks need: a weight of 0
// takes an element out whatever its value, and with it the infinities of
// z*ln(x).
//
// float32 or float64, both of one dtype. The gradients are those of a product,
// made the same way: grad*b for a, 0 where b is 0, and a*grad for b, 0 where
// grad is 0; each is summed to the shape of its operand.
//
// TF: tf.math.multiply_no_nan. PyTorch: none. Dtypes: float. Gradient: yes.
func MulNoNan(s *graph.Scope, a, b *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:    "MulNoNan",
		Infer:   inferBroadcast(floats),
		Kernel:  byDtype{f32: productsNoNan[float32]().bind, f64: productsNoNan[float64]().bind}.first,
		InPlace: []int{0, 1},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			a, b := in[0], in[1]
			return gorgonia.Nodes{
				sumToInput(s, MulNoNan(s, grad, b), a, b),
				sumToInput(s, MulNoNan(s, a, grad), b, a),
			}
		},
	}, a, b)
}

func productsNoNan[T float]() pair[T, T] {
	return pair[T, T]{
		both: func(out, a, b []T) {
			for i, v := range a {
				p := v * b[i]
				if b[i] == 0 {
					p = 0
				}
				out[i] = p
			}
		},
		right: func(out, a []T, b T) {
			if b == 0 {
				clear(out)
				return
			}
			for i, v := range a {
				out[i] = v * b
			}
		},
		left: func(out []T, a T, b []T) {
			for i, v := range b {
				p := a * v
				if v == 0 {
					p = 0
				}
				out[i] = p
			}
		},
	}
}
