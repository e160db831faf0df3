package schedule

import (
	"math"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
)

// Variable makes a variable that holds a learning rate, for training that sets it as
// it goes (see Plateau): a scalar of the graph's dtype, not trainable, which starts at
// initial. Give it to an optimizer as its Schedule, set it with Session.SetValue, and let
// the Saver that saves the optimizer's slots keep it.
func Variable(s *graph.Scope, name string, initial float64) *gorgonia.Node {
	if !(initial >= 0) || math.IsInf(initial, 1) {
		return s.Failf("Variable", nil, "the learning rate %s starts at %v; want a finite number, 0 or more", name, initial)
	}
	return graph.Variable(s, name, tensor.Shape{}, graph.VariableConfig{
		Initializer:  initializers.Constant(initial),
		NotTrainable: true,
	})
}
