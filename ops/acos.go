package ops

import (
	"math"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// Acos is the angle in [0, pi] whose cosine is x, elementwise; NaN outside
// [-1, 1]. Any shape, float32 or float64. The gradient is -grad/sqrt(1 - x*x),
// infinite at the ends.
// TF: tf.acos. PyTorch: torch.acos. Dtypes: float. Gradient: yes.
func Acos(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return mathFunction(s, "Acos", x, math.Acos, func(s *graph.Scope, x, y *gorgonia.Node) *gorgonia.Node {
		return Neg(s, Rsqrt(s, oneMinusSquare(s, x)))
	})
}
