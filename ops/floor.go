package ops

import (
	"math"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// Floor is the greatest whole number up to x, elementwise; infinities and NaN
// stay. Any shape, float32 or float64. It is flat, so gradients end here.
// TF: tf.floor. PyTorch: torch.floor. Dtypes: float. Gradient: no.
func Floor(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return mathFunction(s, "Floor", x, math.Floor, nil)
}
