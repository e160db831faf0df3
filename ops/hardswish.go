package ops

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// HardSwish is x * relu6(x+3)/6, the piecewise quadratic swish of MobileNetV3
// (Howard et al., 2019). At -Inf it is 0, its limit; NaN stays NaN. Any shape,
// float32 or float64.
//
// The gradient is grad where x > 3, grad*(x/3 + 1/2) where -3 <= x <= 3, and 0
// below.
//
// TF: none. PyTorch: torch.nn.functional.hardswish. Dtypes: float. Gradient: yes.
func HardSwish(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return pointwise{
		name: "hard_swish",
		y32:  hardSwish[float32],
		y64:  hardSwish[float64],
		dx32: hardSwishGrad[float32],
		dx64: hardSwishGrad[float64],
		slope: func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
			gate := hardSigmoid(1.0/6, 0.5)
			return Add(s, gate.apply(s, x), Mul(s, x, gate.grad(s, graph.OnesLike(s, x), x)))
		},
	}.apply(s, x)
}

func hardSwish[T float](y, x []T) {
	x = x[:len(y)]
	for i, v := range x {
		f := min(max(v+3, 0), 6)
		if v < -3 {
			v = 0
		}
		y[i] = v * f / 6
	}
}

func hardSwishGrad[T float](dx, dy, x []T) {
	dy, x = dy[:len(dx)], x[:len(dx)]
	for i, v := range x {
		f := v/3 + 0.5
		if v < -3 {
			f = 0
		}
		if v > 3 {
			f = 1
		}
		dx[i] = dy[i] * f
	}
}
