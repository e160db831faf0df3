package training

import (
	"cmp"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// AddSignConfig configures AddSign. The zero value has TensorFlow's defaults.
type AddSignConfig struct {
	LearningRate float64        // default 0.1
	Alpha        float64        // what the agreement of the signs is added to; default 1, graph.Zero for zero
	Beta         float64        // decay of the mean; default 0.9, graph.Zero for none
	SignDecay    *gorgonia.Node // a scalar float node that multiplies the agreement, a schedule from 1 to 0; nil for 1
	Schedule     *gorgonia.Node // a scalar float node that wins over LearningRate
	GlobalStep   *gorgonia.Node // incremented by every step (see GlobalStep)
	Multipliers  []Multiplier   // of the learning rate, by pattern of the variables' names
	Name         string         // of its ops and slots; default "AddSignOptimizer", as in TensorFlow
}

// AddSignOptimizer is made by AddSign.
type AddSignOptimizer struct{ optimizer }

// AddSign makes larger steps where the gradient has the sign of its mean, and
// smaller ones (with the defaults, none) where it has the other (Bello et al.
// 2017, arXiv 1709.07417):
//
//	m = beta*m + (1-beta)*g
//	v -= lr * (alpha + decay*sign(g)*sign(m)) * g
//
// The slot of hidden1/kernel is hidden1/kernel/AddSignOptimizer (m), which
// starts at 0. tf.contrib.opt.AddSignOptimizer; SignDecay is its
// sign_decay_fn(global_step).
func AddSign(cfg AddSignConfig) *AddSignOptimizer {
	o := &AddSignOptimizer{}
	o.start("AddSignOptimizer", settings{cfg.Name, cmp.Or(cfg.LearningRate, 0.1), cfg.Schedule, cfg.GlobalStep, cfg.Multipliers})
	alpha, beta := orDefault(cfg.Alpha, 1), orDefault(cfg.Beta, 0.9)
	nonNegative(&o.err, "Alpha", alpha)
	fraction(&o.err, "Beta", beta)
	u := signUpdate{
		op:     "ApplyAddSign",
		attrs:  map[string]interface{}{"alpha": alpha, "beta": beta},
		beta:   beta,
		decay:  cfg.SignDecay,
		factor: func(x float64) float64 { return alpha + x },
	}
	o.update = func(s *graph.Scope, gv GradVar) *gorgonia.Node { return u.updateOp(&o.optimizer, s, gv) }
	return o
}
