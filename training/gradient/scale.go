package gradient

import (
	"math"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
)

// Scale multiplies every gradient by a number, which must be finite. optax.scale.
func Scale(factor float64) training.GradientStep {
	return func(s *graph.Scope, grads []training.GradVar) []training.GradVar {
		if math.IsNaN(factor) || math.IsInf(factor, 0) {
			s.Failf("Scale", nil, "the factor is %v; want a finite number", factor)
			return grads
		}
		return Transform(func(s *graph.Scope, gv training.GradVar) *gorgonia.Node {
			return ops.Scale(s, gv.Grad, factor)
		})(s, grads)
	}
}
