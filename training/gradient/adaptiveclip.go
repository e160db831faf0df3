package gradient

import (
	"cmp"
	"math"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
)

// AdaptiveClipConfig configures AdaptiveClip. The zero value has the paper's
// numbers.
type AdaptiveClipConfig struct {
	Clipping float64 // the largest ratio of the norms; default 0.01
	Epsilon  float64 // the least norm that weights count with; default 1e-3
}

// AdaptiveClip scales the gradient of a unit down where it is long beside the
// unit's weights w (Brock et al. 2021, arXiv 2102.06171):
//
//	g * min(1, clipping * max(|w|, epsilon) / |g|)
//
// The Euclidean norms of a dense kernel [in, units] or a convolution kernel
// [height, width, in, out] are those of the incoming weights of each unit, over
// all axes but the last; of a vector or scalar, that of the whole. The authors
// leave out the last layer: drop it by Transform or give it another step.
// optax.adaptive_grad_clip.
func AdaptiveClip(cfg AdaptiveClipConfig) training.GradientStep {
	cfg.Clipping, cfg.Epsilon = cmp.Or(cfg.Clipping, 0.01), cmp.Or(cfg.Epsilon, 1e-3)
	return func(s *graph.Scope, grads []training.GradVar) []training.GradVar {
		for _, f := range []struct {
			field string
			value float64
		}{{"Clipping", cfg.Clipping}, {"Epsilon", cfg.Epsilon}} {
			if !(f.value > graph.Zero) || math.IsInf(f.value, 1) { // a limit of 0 would divide 0 by 0
				s.Failf("AdaptiveClip", nil, "%s is %v; want a positive number", f.field, f.value)
				return grads
			}
		}
		return Transform(func(s *graph.Scope, gv training.GradVar) *gorgonia.Node {
			axes := allButLast(gv.Grad)
			least := graph.ConstOf(s, gv.Var.Dtype(), cfg.Epsilon)
			limit := ops.Scale(s, ops.Maximum(s, ops.NormKeep(s, gv.Var, 2, axes...), least), cfg.Clipping)
			norm := ops.NormKeep(s, gv.Grad, 2, axes...)
			return ops.Mul(s, gv.Grad, ops.Div(s, limit, ops.Maximum(s, norm, limit)))
		})(s, grads)
	}
}

// allButLast returns the axes of x without the last; of a vector, all.
func allButLast(x *gorgonia.Node) []int {
	rank := graph.SpecOf(x).Rank()
	var axes []int
	for a := 0; a < max(rank-1, min(rank, 1)); a++ {
		axes = append(axes, a)
	}
	return axes
}
