package ops

import (
	"math"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// Cosh is the hyperbolic cosine (exp(x) + exp(-x))/2, elementwise; +Inf beyond the
// range. Any shape, float32 or float64. The gradient is grad*sinh(x).
// TF: tf.cosh. PyTorch: torch.cosh. Dtypes: float. Gradient: yes.
func Cosh(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return mathFunction(s, "Cosh", x, math.Cosh, func(s *graph.Scope, x, y *gorgonia.Node) *gorgonia.Node { return Sinh(s, x) })
}
