package ops

import (
	"math"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// Atan is the angle in [-pi/2, pi/2] whose tangent is x, elementwise. Any shape,
// float32 or float64. The gradient is grad/(1 + x*x).
// TF: tf.atan. PyTorch: torch.atan. Dtypes: float. Gradient: yes.
func Atan(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return mathFunction(s, "Atan", x, math.Atan, func(s *graph.Scope, x, y *gorgonia.Node) *gorgonia.Node {
		return Reciprocal(s, onePlusSquare(s, x))
	})
}
