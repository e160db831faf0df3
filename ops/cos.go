package ops

import (
	"math"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// Cos is the cosine of x radians, elementwise; NaN at infinities. Any shape,
// float32 or float64. The gradient is -grad*sin(x).
// TF: tf.cos. PyTorch: torch.cos. Dtypes: float. Gradient: yes.
func Cos(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return mathFunction(s, "Cos", x, math.Cos, func(s *graph.Scope, x, y *gorgonia.Node) *gorgonia.Node { return Neg(s, Sin(s, x)) })
}
