package ops

import (
	"math"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// Ceil is the least whole number from x on, elementwise; infinities and NaN
// stay. Any shape, float32 or float64. It is flat, so gradients end here.
// TF: tf.ceil. PyTorch: torch.ceil. Dtypes: float. Gradient: no.
func Ceil(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return mathFunction(s, "Ceil", x, math.Ceil, nil)
}
