package training

import (
	"cmp"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// AdamConfig configures Adam. The zero value has TensorFlow's defaults.
type AdamConfig struct {
	LearningRate float64        // default 0.001
	Beta1        float64        // decay of the mean; default 0.9, graph.Zero for none
	Beta2        float64        // decay of the mean square; default 0.999, graph.Zero for none
	Epsilon      float64        // "epsilon hat"; default 1e-8, 0.1 or 1 for some nets
	Schedule     *gorgonia.Node // a scalar float node that wins over LearningRate
	GlobalStep   *gorgonia.Node // incremented by every step (see GlobalStep)
	Multipliers  []Multiplier   // of the learning rate, by pattern of the variables' names
	Name         string         // of its ops and slots; default "Adam"
}

// AdamOptimizer is made by Adam.
type AdamOptimizer struct{ optimizer }

// Adam is adaptive moment estimation (Kingma and Ba 2015, arXiv 1412.6980), in
// the form of the end of the paper's section 2. In step t = 1, 2, ...
//
//	m = beta1*m + (1-beta1)*g
//	s = beta2*s + (1-beta2)*g*g
//	v -= lr * sqrt(1-beta2^t)/(1-beta1^t) * m / (sqrt(s) + epsilon)
//
// The slots of hidden1/kernel are hidden1/kernel/Adam (m) and .../Adam_1 (s),
// which start at 0; beta1_power and beta2_power are scalar variables, shared by
// all. tf.train.AdamOptimizer; torch.optim.Adam divides by (1-beta2^t) before it
// adds epsilon, so that its eps is this one over sqrt(1-beta2^t).
func Adam(cfg AdamConfig) *AdamOptimizer {
	o := &AdamOptimizer{}
	o.start("Adam", settings{cfg.Name, cmp.Or(cfg.LearningRate, 0.001), cfg.Schedule, cfg.GlobalStep, cfg.Multipliers})
	p := o.keepPowers(adamParametersOf(&o.err, cfg.Beta1, cfg.Beta2, cfg.Epsilon, 1e-8))
	o.update = func(s *graph.Scope, gv GradVar) *gorgonia.Node { return o.updateOp(s, gv, p) }
	return o
}

// adamParameters are the numbers of Adam's rule.
type adamParameters struct{ beta1, beta2, epsilon float64 }

// adamParametersOf reads the numbers of a config, of which Epsilon has a default
// of its own in every rule.
func adamParametersOf(err *error, beta1, beta2, epsilon, defaultEpsilon float64) adamParameters {
	p := adamParameters{orDefault(beta1, 0.9), orDefault(beta2, 0.999), orDefault(epsilon, defaultEpsilon)}
	fraction(err, "Beta1", p.beta1)
	fraction(err, "Beta2", p.beta2)
	nonNegative(err, "Epsilon", p.epsilon)
	return p
}

func (p adamParameters) attrs() map[string]interface{} {
	return map[string]interface{}{"beta1": p.beta1, "beta2": p.beta2, "epsilon": p.epsilon}
}

func (o *AdamOptimizer) updateOp(s *graph.Scope, gv GradVar, p *betaPowers) *gorgonia.Node {
	rate := o.rateFor(gv.Var)
	mean := o.slot(s, gv.Var, "m", o.name, filled(0))
	square := o.slot(s, gv.Var, "v", o.name, filled(0))
	return rule{
		op:     "ApplyAdam",
		attrs:  p.attrs(),
		slots:  gorgonia.Nodes{mean, square},
		reads:  gorgonia.Nodes{p.power1, p.power2},
		kernel: loops(adamLoop[float32](rate, p.adamParameters), adamLoop[float64](rate, p.adamParameters)),
	}.updateOp(s, gv, rate)
}

func adamLoop[T float](rate rate, p adamParameters) graph.Loop {
	return func(c *graph.Call, lo, hi int) {
		v, mean, square, grad := piece[T](c, 0, lo, hi), piece[T](c, 1, lo, hi), piece[T](c, 2, lo, hi), piece[T](c, 3, lo, hi)
		alpha := corrected(rate.in(c), c.In[4], c.In[5])
		kernel.Adam(v, mean, square, grad, T(alpha), T(p.beta1), T(p.beta2), T(p.epsilon))
	}
}
