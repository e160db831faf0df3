package gradient

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
)

// Centralize subtracts, from the gradients of kernels, their mean over the
// incoming weights of each unit (Yong et al. 2020, arXiv 2004.01461): over all axes
// but the last, of a dense kernel [in, units] or a convolution kernel
// [height, width, in, out]. Gradients of vectors and scalars stay what they are.
// optax.centralize.
func Centralize() training.GradientStep {
	return Transform(func(s *graph.Scope, gv training.GradVar) *gorgonia.Node {
		if graph.SpecOf(gv.Grad).Rank() < 2 {
			return gv.Grad
		}
		return ops.Sub(s, gv.Grad, ops.MeanKeep(s, gv.Grad, allButLast(gv.Grad)...))
	})
}
