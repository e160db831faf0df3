package ops

import (
	"math"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// Asin is the angle in [-pi/2, pi/2] whose sine is x, elementwise; NaN outside
// [-1, 1]. Any shape, float32 or float64. The gradient is grad/sqrt(1 - x*x),
// infinite at the ends.
// TF: tf.asin. PyTorch: torch.asin. Dtypes: float. Gradient: yes.
func Asin(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return mathFunction(s, "Asin", x, math.Asin, func(s *graph.Scope, x, y *gorgonia.Node) *gorgonia.Node {
		return Rsqrt(s, oneMinusSquare(s, x))
	})
}
