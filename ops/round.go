package ops

import (
	"math"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// Round is the nearest whole number, elementwise, and the even one of two that are
// equally near (2.5 gives 2, 3.5 gives 4); infinities and NaN stay. Any shape,
// float32 or float64. It is flat, so gradients end here.
// TF: tf.round. PyTorch: torch.round. Dtypes: float. Gradient: no.
func Round(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return mathFunction(s, "Round", x, math.RoundToEven, nil)
}
