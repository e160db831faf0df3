package ops

import (
	"math"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// Tan is the tangent of x radians, elementwise; NaN at infinities. Any shape,
// float32 or float64. The gradient is computed from the output: grad*(1 + y*y).
// TF: tf.tan. PyTorch: torch.tan. Dtypes: float. Gradient: yes.
func Tan(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return mathFunction(s, "Tan", x, math.Tan, func(s *graph.Scope, x, y *gorgonia.Node) *gorgonia.Node { return onePlusSquare(s, y) })
}
