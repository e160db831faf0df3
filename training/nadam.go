package training

import (
	"cmp"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// NadamConfig configures Nadam. The zero value has TensorFlow's defaults.
type NadamConfig struct {
	LearningRate float64        // default 0.001
	Beta1        float64        // decay of the mean; default 0.9, graph.Zero for none
	Beta2        float64        // decay of the mean square; default 0.999, graph.Zero for none
	Epsilon      float64        // "epsilon hat"; default 1e-8
	Schedule     *gorgonia.Node // a scalar float node that wins over LearningRate
	GlobalStep   *gorgonia.Node // incremented by every step (see GlobalStep)
	Multipliers  []Multiplier   // of the learning rate, by pattern of the variables' names
	Name         string         // of its ops and slots; default "Adam", as in TensorFlow
}

// NadamOptimizer is made by Nadam.
type NadamOptimizer struct{ optimizer }

// Nadam is Adam with Nesterov's momentum, which looks a step ahead (Dozat 2016,
// "Incorporating Nesterov momentum into Adam"):
//
//	m = beta1*m + (1-beta1)*g
//	s = beta2*s + (1-beta2)*g*g
//	v -= lr * sqrt(1-beta2^t)/(1-beta1^t) * (beta1*m + (1-beta1)*g) / (sqrt(s) + epsilon)
//
// This is tf.contrib.opt.NadamOptimizer, whose beta1 is constant. The paper's,
// torch.optim.NAdam's and tf.keras.optimizers.Nadam's grows towards its value
// and corrects both terms by their own powers. Slots and powers are Adam's:
// hidden1/kernel/Adam (m) and .../Adam_1 (s).
func Nadam(cfg NadamConfig) *NadamOptimizer {
	o := &NadamOptimizer{}
	o.start("Adam", settings{cfg.Name, cmp.Or(cfg.LearningRate, 0.001), cfg.Schedule, cfg.GlobalStep, cfg.Multipliers})
	p := o.keepPowers(adamParametersOf(&o.err, cfg.Beta1, cfg.Beta2, cfg.Epsilon, 1e-8))
	o.update = func(s *graph.Scope, gv GradVar) *gorgonia.Node { return o.updateOp(s, gv, p) }
	return o
}

func (o *NadamOptimizer) updateOp(s *graph.Scope, gv GradVar, p *betaPowers) *gorgonia.Node {
	rate := o.rateFor(gv.Var)
	mean := o.slot(s, gv.Var, "m", o.name, filled(0))
	square := o.slot(s, gv.Var, "v", o.name, filled(0))
	attrs := p.attrs()
	attrs["use_nesterov"] = true
	return rule{
		op:     "ApplyAdam",
		attrs:  attrs,
		slots:  gorgonia.Nodes{mean, square},
		reads:  gorgonia.Nodes{p.power1, p.power2},
		kernel: loops(nadamLoop[float32](rate, p.adamParameters), nadamLoop[float64](rate, p.adamParameters)),
	}.updateOp(s, gv, rate)
}

func nadamLoop[T float](rate rate, p adamParameters) graph.Loop {
	return inBlocks(func(c *graph.Call, lo, hi int) {
		v, mean, square, grad := piece[T](c, 0, lo, hi), piece[T](c, 1, lo, hi), piece[T](c, 2, lo, hi), piece[T](c, 3, lo, hi)
		alpha := corrected(rate.in(c), c.In[4], c.In[5])
		nadam(v, mean, square, grad, T(alpha), T(p.beta1), T(p.beta2), T(p.epsilon))
	})
}

func nadam[T float](v, mean, square, grad []T, alpha, beta1, beta2, epsilon T) {
	var scratch [block]T
	step := scratch[:len(grad)]
	decayMean(mean, beta1, grad)
	decaySquares(square, beta2, grad)
	copy(step, mean)
	decayMean(step, beta1, grad) // the mean of the coming step, as far as it is known
	kernel.MulScalar(step, step, alpha)
	descend(v, step, square, epsilon)
}
