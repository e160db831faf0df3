package gradient

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training"
)

// Freeze drops the gradients of the variables whose name one of the patterns
// matches, as in graph.Graph.Variables: the optimizer does not touch them, their
// slots and their weight decay included. That no pattern is given, that one matches
// no variable and, in ApplyGradients, that nothing is left, are errors.
func Freeze(patterns ...string) training.GradientStep {
	patterns = append([]string(nil), patterns...)
	return func(s *graph.Scope, grads []training.GradVar) []training.GradVar {
		if len(patterns) == 0 {
			s.Failf("Freeze", nil, `no pattern was given; "hidden/kernel" freezes that variable, ".*/bias" every bias`)
			return grads
		}
		frozen := map[*gorgonia.Node]bool{}
		vars, err := s.Graph().Select(graph.GlobalVariables, patterns...)
		if err != nil {
			s.Fail("Freeze", nil, graph.Spec{Dtype: s.Graph().Dtype()}, err)
			return grads
		}
		for _, v := range vars {
			frozen[v] = true
		}
		return Transform(func(_ *graph.Scope, gv training.GradVar) *gorgonia.Node {
			if frozen[gv.Var] {
				return nil
			}
			return gv.Grad
		})(s, grads)
	}
}
