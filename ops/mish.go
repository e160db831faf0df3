package ops

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// Mish is x*tanh(softplus(x)) (Misra, 2019). At -Inf it is 0, its limit. Any
// shape, float32 or float64.
//
// The gradient is grad*(t + x*(1-t^2)*sigmoid(x)) with t = tanh(softplus(x)).
//
// TF: none. PyTorch: torch.nn.functional.mish. Dtypes: float. Gradient: yes.
func Mish(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return pointwise{
		name: "mish",
		y32:  mish[float32],
		y64:  mish[float64],
		dx32: mishGrad[float32],
		dx64: mishGrad[float64],
		slope: func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
			t := Tanh(s, Softplus(s, x))
			rest := Sub(s, graph.OnesLike(s, t), Square(s, t))
			return Add(s, t, Mul(s, Mul(s, x, Sigmoid(s, x)), rest))
		},
	}.apply(s, x)
}

// mishLinear is where tanh(softplus(x)) has become 1 for float64 too; beyond,
// its exponentials would overflow float32.
const mishLinear = 20

// With e = exp(x) and n = e*(e+2), tanh(ln(1+e)) is n/(n+2), and its derivative
// is 4*e*(1+e)/(n+2)^2.
func mish[T float](y, x []T) {
	x = x[:len(y)]
	for i, v := range x {
		e := kernel.ExpScalar(min(v, mishLinear))
		n := e * (e + 2)
		t := n / (n + 2)
		if v >= mishLinear {
			t = 1
		}
		if e == 0 {
			v = 0 // also where it is infinite
		}
		y[i] = v * t
	}
}

func mishGrad[T float](dx, dy, x []T) {
	dy, x = dy[:len(dx)], x[:len(dx)]
	for i, v := range x {
		e := kernel.ExpScalar(min(v, mishLinear))
		n := e * (e + 2)
		w := 1 / (n + 2)
		if e == 0 {
			v = 0
		}
		f := n*w + v*(4*e*(1+e)*w*w)
		if v >= mishLinear {
			f = 1
		}
		dx[i] = dy[i] * f
	}
}
