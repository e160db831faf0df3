package ops

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// NonNeg is the constraint that no element is negative: max(value, 0), applied after
// each optimizer update. tf.keras.constraints.NonNeg.
func NonNeg() graph.Constraint {
	return func(s *graph.Scope, value *gorgonia.Node) *gorgonia.Node { return ReLU(s, value) }
}
