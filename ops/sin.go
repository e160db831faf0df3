package ops

import (
	"math"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// Sin is the sine of x radians, elementwise; NaN at infinities. Any shape, float32
// or float64. The gradient is grad*cos(x).
// TF: tf.sin. PyTorch: torch.sin. Dtypes: float. Gradient: yes.
func Sin(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return mathFunction(s, "Sin", x, math.Sin, func(s *graph.Scope, x, y *gorgonia.Node) *gorgonia.Node { return Cos(s, x) })
}
