package gradient

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training"
)

// Freeze drops the gradients of the variables whose name one of the patterns
// matches, as in graph.Graph.Variables: the optimizer does not touch them, their
// slots and their weight decay included. A pattern that matches no variable is an
// error, and so is, in ApplyGradients, that nothing is left.
func Freeze(patterns ...string) training.GradientStep {
	patterns = append([]string(nil), patterns...)
	return func(s *graph.Scope, grads []training.GradVar) []training.GradVar {
		frozen := map[*gorgonia.Node]bool{}
		for _, p := range patterns {
			for _, v := range s.Graph().Variables(p) {
				frozen[v] = true
			}
		}
		return Transform(func(_ *graph.Scope, gv training.GradVar) *gorgonia.Node {
			if frozen[gv.Var] {
				return nil
			}
			return gv.Grad
		})(s, grads)
	}
}
