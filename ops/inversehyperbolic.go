package ops

import (
	"math"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// Asinh is the inverse hyperbolic sine ln(x + sqrt(x*x + 1)), elementwise. Any
// shape, float32 or float64. The gradient is grad/sqrt(1 + x*x).
// TF: tf.asinh. PyTorch: torch.asinh. Dtypes: float. Gradient: yes.
func Asinh(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return mathFunction(s, "Asinh", x, math.Asinh, func(s *graph.Scope, x, y *gorgonia.Node) *gorgonia.Node {
		return Rsqrt(s, onePlusSquare(s, x))
	})
}

// Acosh is the inverse hyperbolic cosine ln(x + sqrt(x*x - 1)), elementwise; NaN
// below 1. Any shape, float32 or float64. The gradient is grad/sqrt(x*x - 1),
// infinite at 1.
// TF: tf.acosh. PyTorch: torch.acosh. Dtypes: float. Gradient: yes.
func Acosh(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return mathFunction(s, "Acosh", x, math.Acosh, func(s *graph.Scope, x, y *gorgonia.Node) *gorgonia.Node {
		// In two factors, so that nothing cancels near 1 and NaN stays below -1.
		return Mul(s, Rsqrt(s, AddScalar(s, x, -1)), Rsqrt(s, AddScalar(s, x, 1)))
	})
}

// Atanh is the inverse hyperbolic tangent ln((1 + x)/(1 - x))/2, elementwise;
// infinite at 1 and -1, NaN beyond. Any shape, float32 or float64. The gradient
// is grad/(1 - x*x).
// TF: tf.atanh. PyTorch: torch.atanh. Dtypes: float. Gradient: yes.
func Atanh(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return mathFunction(s, "Atanh", x, math.Atanh, func(s *graph.Scope, x, y *gorgonia.Node) *gorgonia.Node {
		return Reciprocal(s, oneMinusSquare(s, x))
	})
}
