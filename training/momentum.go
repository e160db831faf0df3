package training

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// MomentumConfig configures Momentum. Momentum, and LearningRate or Schedule,
// are required.
type MomentumConfig struct {
	LearningRate float64        // positive; graph.Zero for zero
	Momentum     float64        // in [0, 1), usually 0.9; graph.Zero for zero
	Nesterov     bool           // Nesterov's accelerated gradient: see Momentum
	Schedule     *gorgonia.Node // a scalar float node that wins over LearningRate
	GlobalStep   *gorgonia.Node // incremented by every step (see GlobalStep)
	Multipliers  []Multiplier   // of the learning rate, by pattern of the variables' names
	Name         string         // of its ops and slots; default "Momentum"
}

// MomentumOptimizer is made by Momentum.
type MomentumOptimizer struct{ optimizer }

// Momentum is gradient descent with momentum (Polyak 1964), or with Nesterov's
// accelerated gradient in the form of Sutskever et al. (2013):
//
//	a = mu*a + g
//	v -= lr*a                  or, Nesterov,  v -= lr*g + lr*mu*a
//
// The slot of hidden1/kernel is hidden1/kernel/Momentum and starts at 0.
// tf.train.MomentumOptimizer; torch.optim.SGD with momentum and dampening 0.
func Momentum(cfg MomentumConfig) *MomentumOptimizer {
	o := &MomentumOptimizer{}
	o.start("Momentum", settings{cfg.Name, cfg.LearningRate, cfg.Schedule, cfg.GlobalStep, cfg.Multipliers})
	mu := required(&o.err, "Momentum", cfg.Momentum)
	fraction(&o.err, "Momentum", mu)
	o.update = func(s *graph.Scope, gv GradVar) *gorgonia.Node { return o.updateOp(s, gv, mu, cfg.Nesterov) }
	return o
}

func (o *MomentumOptimizer) updateOp(s *graph.Scope, gv GradVar, mu float64, nesterov bool) *gorgonia.Node {
	rate := o.rateFor(gv.Var)
	return rule{
		op:     "ApplyMomentum",
		attrs:  map[string]interface{}{"momentum": mu, "use_nesterov": nesterov},
		slots:  gorgonia.Nodes{o.slot(s, gv.Var, "momentum", o.name, filled(0))},
		kernel: loops(momentumLoop[float32](rate, mu, nesterov), momentumLoop[float64](rate, mu, nesterov)),
	}.updateOp(s, gv, rate)
}

func momentumLoop[T float](rate rate, mu float64, nesterov bool) graph.Loop {
	return func(c *graph.Call, lo, hi int) {
		kernel.Momentum(piece[T](c, 0, lo, hi), piece[T](c, 1, lo, hi), piece[T](c, 2, lo, hi), T(rate.in(c)), T(mu), nesterov)
	}
}
