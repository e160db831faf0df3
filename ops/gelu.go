package ops

import (
	"math"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// GELU is x*P(x), P being the normal distribution function
// (1 + erf(x/sqrt(2)))/2: the Gaussian error linear unit of Hendrycks and Gimpel
// (2016). At -Inf it is 0, its limit. Any shape, float32 or float64.
//
// The gradient is grad*(P(x) + x*p(x)), p being the normal density.
//
// TF: tf.nn.gelu(approximate=False). PyTorch: torch.nn.functional.gelu. Dtypes: float. Gradient: yes.
func GELU(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:    "gelu",
		Attrs:   map[string]interface{}{"approximate": false},
		Infer:   graph.SameFloat,
		Kernel:  graph.Elementwise(kernel.GELU[float32], kernel.GELU[float64]),
		InPlace: []int{0},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return only(geluGrad(s, grad, in[0]))
		},
	}, x)
}

// geluGrad is grad*(P(x) + x*p(x)). The derivative of that factor is
// p(x)*(2 - x^2), which needs no error function.
func geluGrad(s *graph.Scope, grad, x *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:    "gelu_grad",
		Attrs:   map[string]interface{}{"approximate": false},
		Infer:   sameTwo,
		Kernel:  zipKernel(kernel.GELUGrad[float32], kernel.GELUGrad[float64]),
		InPlace: []int{0, 1},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			dy, x := in[0], in[1]
			square := Square(s, x)
			density := Scale(s, Exp(s, Scale(s, square, -0.5)), 1/math.Sqrt(2*math.Pi))
			bend := Mul(s, density, AddScalar(s, Neg(s, square), 2))
			return gorgonia.Nodes{geluGrad(s, grad, x), Mul(s, Mul(s, grad, dy), bend)}
		},
	}, grad, x)
}

// GELUTanh is the usual approximation of GELU by tanh,
//
//	x/2 * (1 + tanh(sqrt(2/pi) * (x + 0.044715*x^3)))
//
// which is within 0.0005 of it: that of BERT and GPT-2. At -Inf it is 0. Any
// shape, float32 or float64.
//
// The gradient is its own, not that of GELU.
//
// TF: tf.nn.gelu(approximate=True). PyTorch: torch.nn.functional.gelu(approximate='tanh'). Dtypes: float. Gradient: yes.
func GELUTanh(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return pointwise{
		name:  "gelu",
		attrs: map[string]interface{}{"approximate": true},
		y32:   kernel.GELUTanh[float32],
		y64:   kernel.GELUTanh[float64],
		dx32:  kernel.GELUTanhGrad[float32],
		dx64:  kernel.GELUTanhGrad[float64],
		slope: func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
			square := Square(s, x)
			z := Mul(s, x, AddScalar(s, Scale(s, square, geluA*geluB), geluA))
			inner := AddScalar(s, Scale(s, square, 3*geluA*geluB), geluA)
			gate, rest := Sigmoid(s, z), Sigmoid(s, Neg(s, z))
			return Mul(s, gate, AddScalar(s, Mul(s, Mul(s, x, inner), rest), 1))
		},
	}.apply(s, x)
}

// (1 + tanh(z/2))/2 is sigmoid(z), so that GELUTanh is x*sigmoid(z) with
// z = geluA*x*(1 + geluB*x^2).
const (
	geluA = 1.59576912160573071175978423973 // 2*sqrt(2/pi)
	geluB = 0.044715
)
