package gradient

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training"
)

// Chain applies steps in order, each to what the one before it made; a chain of
// none changes nothing. A nil step is an error. optax.chain.
func Chain(steps ...training.GradientStep) training.GradientStep {
	steps = append([]training.GradientStep(nil), steps...)
	return func(s *graph.Scope, grads []training.GradVar) []training.GradVar {
		for i, step := range steps {
			if step == nil {
				s.Failf("Chain", nil, "step %d is nil", i)
				return grads
			}
			grads = step(s, grads)
		}
		return grads
	}
}

// Transform replaces every gradient by what a function makes of it and its
// variable, in the scope that it is given; nil gradients are left alone, and
// returning nil drops the gradient, so that the variable is not updated. What it
// returns has the variable's dtype and shape.
func Transform(f func(s *graph.Scope, gv training.GradVar) *gorgonia.Node) training.GradientStep {
	return func(s *graph.Scope, grads []training.GradVar) []training.GradVar {
		if f == nil {
			s.Failf("Transform", nil, "the function is nil")
			return grads
		}
		out := append([]training.GradVar(nil), grads...)
		for i, gv := range out {
			if gv.Grad != nil {
				out[i].Grad = f(s, gv)
			}
		}
		return out
	}
}
