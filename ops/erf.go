package ops

import (
	"math"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// Erf is the error function 2/sqrt(pi) times the integral of exp(-t*t) from 0 to
// x, elementwise: -1 and 1 far out. Any shape, float32 or float64. The gradient
// is grad*2/sqrt(pi)*exp(-x*x).
// TF: tf.erf. PyTorch: torch.erf. Dtypes: float. Gradient: yes.
func Erf(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return mathFunction(s, "Erf", x, math.Erf, func(s *graph.Scope, x, y *gorgonia.Node) *gorgonia.Node {
		return erfSlope(s, x, 2/math.SqrtPi)
	})
}

// Erfc is 1 - erf(x), elementwise, exact where erf has rounded to 1: it goes from
// 2 to 0. Any shape, float32 or float64. The gradient is
// -grad*2/sqrt(pi)*exp(-x*x).
// TF: tf.erfc. PyTorch: torch.erfc. Dtypes: float. Gradient: yes.
func Erfc(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return mathFunction(s, "Erfc", x, math.Erfc, func(s *graph.Scope, x, y *gorgonia.Node) *gorgonia.Node {
		return erfSlope(s, x, -2/math.SqrtPi)
	})
}

// erfSlope is factor*exp(-x*x).
func erfSlope(s *graph.Scope, x *gorgonia.Node, factor float64) *gorgonia.Node {
	return Scale(s, Exp(s, Neg(s, Square(s, x))), factor)
}
