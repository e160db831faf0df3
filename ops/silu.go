package ops

import (
	"math"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// SiLU is x*sigmoid(x), the sigmoid-weighted linear unit of Elfwing, Uchibe and
// Doya (2017). At -Inf it is 0, its limit. Any shape, float32 or float64.
//
// The gradient is grad*s*(1 + x*(1-s)) with s = sigmoid(x).
//
// TF: tf.nn.swish. PyTorch: torch.nn.functional.silu. Dtypes: float. Gradient: yes.
func SiLU(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	p := swish("silu", nil, 1)
	p.y32, p.y64 = kernel.SiLU[float32], kernel.SiLU[float64]
	p.dx32, p.dx64 = kernel.SiLUGrad[float32], kernel.SiLUGrad[float64]
	return p.apply(s, x)
}

// Swish is x*sigmoid(beta*x) (Ramachandran, Zoph and Le, 2017); with beta 1 it
// is SiLU, with a large beta it nears ReLU. At the infinities it has its limits
// (NaN where beta is 0). Any shape, float32 or float64. For a beta that is
// learned, write
// Mul(s, x, Sigmoid(s, Mul(s, beta, x))).
//
// The gradient is grad*s*(1 + beta*x*(1-s)) with s = sigmoid(beta*x).
//
// TF: tf.nn.swish. PyTorch: torch.nn.functional.silu. Dtypes: float. Gradient: yes.
func Swish(s *graph.Scope, x *gorgonia.Node, beta float64) *gorgonia.Node {
	if math.IsNaN(beta) || math.IsInf(beta, 0) {
		return s.Failf("swish", gorgonia.Nodes{x}, "beta is %v; want a finite number (1 is usual)", beta)
	}
	return swish("swish", map[string]interface{}{"beta": beta}, beta).apply(s, x)
}

func swish(name string, attrs map[string]interface{}, beta float64) pointwise {
	return pointwise{
		name:  name,
		attrs: attrs,
		y32:   func(y, x []float32) { swishLoop(y, x, float32(beta)) },
		y64:   func(y, x []float64) { swishLoop(y, x, beta) },
		dx32:  func(dx, dy, x []float32) { swishGrad(dx, dy, x, float32(beta)) },
		dx64:  func(dx, dy, x []float64) { swishGrad(dx, dy, x, beta) },
		slope: func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
			z := Scale(s, x, beta)
			gate := Sigmoid(s, z)
			return Mul(s, gate, AddScalar(s, Mul(s, z, Sigmoid(s, Neg(s, z))), 1))
		},
	}
}

func swishLoop[T float](y, x []T, beta T) {
	x = x[:len(y)]
	for i, v := range x {
		gate := kernel.SigmoidScalar(beta * v)
		if gate == 0 {
			v = 0 // also where it is infinite
		}
		y[i] = v * gate
	}
}

func swishGrad[T float](dx, dy, x []T, beta T) {
	dy, x = dy[:len(dx)], x[:len(dx)]
	for i, v := range x {
		z := beta * v
		gate, rest := logistic(z)
		if gate == 0 || rest == 0 {
			z = 0
		}
		dx[i] = dy[i] * (gate * (1 + z*rest))
	}
}

// logistic returns sigmoid(z) and 1-sigmoid(z), each with full relative
// accuracy.
func logistic[T float](z T) (p, q T) {
	e := kernel.ExpScalar(-max(z, -z))
	p = 1 / (1 + e)
	q = e * p
	if z < 0 {
		p, q = q, p
	}
	return p, q
}
