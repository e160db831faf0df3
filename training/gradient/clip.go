package gradient

import (
	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training"
)

// ClipByValue limits every element of every gradient to [lo, hi]:
// training.ClipByValue as a step.
func ClipByValue(lo, hi float64) training.GradientStep {
	return func(s *graph.Scope, grads []training.GradVar) []training.GradVar {
		return training.ClipByValue(s, grads, lo, hi)
	}
}

// ClipByNorm scales each gradient that is longer than c, in Euclidean norm, down
// to the length c: training.ClipByNorm as a step.
func ClipByNorm(c float64) training.GradientStep {
	return func(s *graph.Scope, grads []training.GradVar) []training.GradVar {
		return training.ClipByNorm(s, grads, c)
	}
}

// ClipByGlobalNorm scales all gradients together so that their common Euclidean
// norm is at most c: training.ClipByGlobalNorm as a step. That function returns
// the norm as well, for those who watch it.
func ClipByGlobalNorm(c float64) training.GradientStep {
	return func(s *graph.Scope, grads []training.GradVar) []training.GradVar {
		clipped, _ := training.ClipByGlobalNorm(s, grads, c)
		return clipped
	}
}
