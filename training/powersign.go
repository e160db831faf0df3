package training

import (
	"cmp"
	"math"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// PowerSignConfig configures PowerSign. The zero value has TensorFlow's
// defaults.
type PowerSignConfig struct {
	LearningRate float64        // default 0.1
	Base         float64        // of the power; positive, default e
	Beta         float64        // decay of the mean; default 0.9, graph.Zero for none
	SignDecay    *gorgonia.Node // a scalar float node that multiplies the agreement, a schedule from 1 to 0; nil for 1
	Schedule     *gorgonia.Node // a scalar float node that wins over LearningRate
	GlobalStep   *gorgonia.Node // incremented by every step (see GlobalStep)
	Multipliers  []Multiplier   // of the learning rate, by pattern of the variables' names
	Name         string         // of its ops and slots; default "PowerSignOptimizer", as in TensorFlow
}

// PowerSignOptimizer is made by PowerSign.
type PowerSignOptimizer struct{ optimizer }

// PowerSign multiplies the gradient by base where it has the sign of its mean, and
// divides it by base where it has the other (Bello et al. 2017, arXiv 1709.07417):
//
//	m = beta*m + (1-beta)*g
//	v -= lr * base^(decay*sign(g)*sign(m)) * g
//
// The slot of hidden1/kernel is hidden1/kernel/PowerSignOptimizer (m), which
// starts at 0. tf.contrib.opt.PowerSignOptimizer; SignDecay is its
// sign_decay_fn(global_step).
func PowerSign(cfg PowerSignConfig) *PowerSignOptimizer {
	o := &PowerSignOptimizer{}
	o.start("PowerSignOptimizer", settings{cfg.Name, cmp.Or(cfg.LearningRate, 0.1), cfg.Schedule, cfg.GlobalStep, cfg.Multipliers})
	base, beta := orDefault(cfg.Base, math.E), orDefault(cfg.Beta, 0.9)
	positive(&o.err, "Base", base)
	fraction(&o.err, "Beta", beta)
	u := signUpdate{
		op:     "ApplyPowerSign",
		attrs:  map[string]interface{}{"base": base, "beta": beta},
		beta:   beta,
		decay:  cfg.SignDecay,
		factor: func(x float64) float64 { return math.Pow(base, x) },
	}
	o.update = func(s *graph.Scope, gv GradVar) *gorgonia.Node { return u.updateOp(&o.optimizer, s, gv) }
	return o
}
