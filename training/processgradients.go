package training

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// GradientStep makes new gradients of the gradients of a step: clipped ones,
// say. It keeps the variables and their order, and a nil Grad stays nil. Package
// training/gradient has such steps, and Chain, which puts several together.
type GradientStep func(s *graph.Scope, grads []GradVar) []GradVar

// ProcessGradientsOptimizer is made by ProcessGradients.
type ProcessGradientsOptimizer struct{ wrapper }

// ProcessGradients gives the inner optimizer what step makes of the gradients
// that ApplyGradients and Minimize are given, so that a clipped optimizer can be
// passed on as one value. Around Accumulate it processes the gradients of each
// micro-batch; inside, the averaged ones.
func ProcessGradients(inner Optimizer, step GradientStep) *ProcessGradientsOptimizer {
	o := &ProcessGradientsOptimizer{}
	o.wrap(inner, "", "ProcessGradients", false, func(s *graph.Scope, grads []GradVar) *gorgonia.Node {
		return o.inner.ApplyGradients(s, step(s.NameScope("gradients"), grads))
	})
	if step == nil && o.err == nil {
		o.err = errors.New("the gradient step is nil")
	}
	return o
}
