package training

import (
	"cmp"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// AMSGradConfig configures AMSGrad. The zero value has Adam's defaults.
type AMSGradConfig struct {
	LearningRate float64        // default 0.001
	Beta1        float64        // decay of the mean; default 0.9, graph.Zero for none
	Beta2        float64        // decay of the mean square; default 0.999, graph.Zero for none
	Epsilon      float64        // "epsilon hat"; default 1e-8
	Schedule     *gorgonia.Node // a scalar float node that wins over LearningRate
	GlobalStep   *gorgonia.Node // incremented by every step (see GlobalStep)
	Multipliers  []Multiplier   // of the learning rate, by pattern of the variables' names
	Name         string         // of its ops and slots; default "AMSGrad"
}

// AMSGradOptimizer is made by AMSGrad.
type AMSGradOptimizer struct{ optimizer }

// AMSGrad is Adam that divides by the largest mean square so far, so that a
// weight's rate never grows (Reddi, Kale and Kumar 2018, arXiv 1904.09237):
//
//	m = beta1*m + (1-beta1)*g
//	s = beta2*s + (1-beta2)*g*g
//	h = max(h, s)
//	v -= lr * sqrt(1-beta2^t)/(1-beta1^t) * m / (sqrt(h) + epsilon)
//
// Epsilon is Adam's "epsilon hat", as in tf.keras.optimizers.Adam(amsgrad=True);
// the eps of torch.optim.Adam(amsgrad=True) is this one over
// sqrt(1-beta2^t). The paper corrects neither mean. The slots of
// hidden1/kernel are hidden1/kernel/AMSGrad (m), .../AMSGrad_1 (s) and
// .../AMSGrad_2 (h), which start at 0; beta1_power and beta2_power are kept as
// for Adam.
func AMSGrad(cfg AMSGradConfig) *AMSGradOptimizer {
	o := &AMSGradOptimizer{}
	o.start("AMSGrad", settings{cfg.Name, cmp.Or(cfg.LearningRate, 0.001), cfg.Schedule, cfg.GlobalStep, cfg.Multipliers})
	p := o.keepPowers(adamParametersOf(&o.err, cfg.Beta1, cfg.Beta2, cfg.Epsilon, 1e-8))
	o.update = func(s *graph.Scope, gv GradVar) *gorgonia.Node { return o.updateOp(s, gv, p) }
	return o
}

func (o *AMSGradOptimizer) updateOp(s *graph.Scope, gv GradVar, p *betaPowers) *gorgonia.Node {
	rate := o.rateFor(gv.Var)
	mean := o.slot(s, gv.Var, "m", o.name, filled(0))
	square := o.slot(s, gv.Var, "v", o.name, filled(0))
	largest := o.slot(s, gv.Var, "vhat", o.name, filled(0))
	return rule{
		op:     "ApplyAdamWithAmsgrad",
		attrs:  p.attrs(),
		slots:  gorgonia.Nodes{mean, square, largest},
		reads:  gorgonia.Nodes{p.power1, p.power2},
		kernel: loops(amsgradLoop[float32](rate, p.adamParameters), amsgradLoop[float64](rate, p.adamParameters)),
	}.updateOp(s, gv, rate)
}

func amsgradLoop[T float](rate rate, p adamParameters) graph.Loop {
	return inBlocks(func(c *graph.Call, lo, hi int) {
		v, mean, square := piece[T](c, 0, lo, hi), piece[T](c, 1, lo, hi), piece[T](c, 2, lo, hi)
		largest, grad := piece[T](c, 3, lo, hi), piece[T](c, 4, lo, hi)
		alpha := corrected(rate.in(c), c.In[5], c.In[6])
		amsgrad(v, mean, square, largest, grad, T(alpha), T(p.beta1), T(p.beta2), T(p.epsilon))
	})
}

func amsgrad[T float](v, mean, square, largest, grad []T, alpha, beta1, beta2, epsilon T) {
	var scratch [block]T
	step := scratch[:len(grad)]
	decayMean(mean, beta1, grad)
	decaySquares(square, beta2, grad)
	kernel.Maximum(largest, largest, square)
	kernel.MulScalar(step, mean, alpha)
	descend(v, step, largest, epsilon)
}
