package ops

import (
	"math"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// Sinh is the hyperbolic sine (exp(x) - exp(-x))/2, elementwise; infinite beyond
// the range. Any shape, float32 or float64. The gradient is grad*cosh(x).
// TF: tf.sinh. PyTorch: torch.sinh. Dtypes: float. Gradient: yes.
func Sinh(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return mathFunction(s, "Sinh", x, math.Sinh, func(s *graph.Scope, x, y *gorgonia.Node) *gorgonia.Node { return Cosh(s, x) })
}
