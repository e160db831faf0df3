package training

import (
	"cmp"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// AdamaxConfig configures Adamax. The zero value has TensorFlow's defaults.
type AdamaxConfig struct {
	LearningRate float64        // default 0.001; the paper has 0.002
	Beta1        float64        // decay of the mean; default 0.9, graph.Zero for none
	Beta2        float64        // decay of the largest size; default 0.999, graph.Zero for none
	Epsilon      float64        // added to the largest size; default 1e-8
	Schedule     *gorgonia.Node // a scalar float node that wins over LearningRate
	GlobalStep   *gorgonia.Node // incremented by every step (see GlobalStep)
	Multipliers  []Multiplier   // of the learning rate, by pattern of the variables' names
	Name         string         // of its ops and slots; default "AdaMax"
}

// AdamaxOptimizer is made by Adamax.
type AdamaxOptimizer struct{ optimizer }

// Adamax is Adam with the largest gradient of late in place of the root of the
// mean square (Kingma and Ba 2015, arXiv 1412.6980, section 7.1):
//
//	m = beta1*m + (1-beta1)*g
//	u = max(beta2*u, |g|)
//	v -= lr/(1-beta1^t) * m / (u + epsilon)
//
// The slots of hidden1/kernel are hidden1/kernel/AdaMax (m) and .../AdaMax_1
// (u), which start at 0; beta1_power and beta2_power are kept as for Adam.
// tf.contrib.opt.AdaMaxOptimizer; torch.optim.Adamax has lr 0.002 and takes
// max(beta2*u, |g|+eps) for u.
func Adamax(cfg AdamaxConfig) *AdamaxOptimizer {
	o := &AdamaxOptimizer{}
	o.start("AdaMax", settings{cfg.Name, cmp.Or(cfg.LearningRate, 0.001), cfg.Schedule, cfg.GlobalStep, cfg.Multipliers})
	p := o.keepPowers(adamParametersOf(&o.err, cfg.Beta1, cfg.Beta2, cfg.Epsilon, 1e-8))
	o.update = func(s *graph.Scope, gv GradVar) *gorgonia.Node { return o.updateOp(s, gv, p) }
	return o
}

func (o *AdamaxOptimizer) updateOp(s *graph.Scope, gv GradVar, p *betaPowers) *gorgonia.Node {
	rate := o.rateFor(gv.Var)
	mean := o.slot(s, gv.Var, "m", o.name, filled(0))
	largest := o.slot(s, gv.Var, "v", o.name, filled(0))
	return rule{
		op:     "ApplyAdaMax",
		attrs:  p.attrs(),
		slots:  gorgonia.Nodes{mean, largest},
		reads:  gorgonia.Nodes{p.power1},
		kernel: loops(adamaxLoop[float32](rate, p.adamParameters), adamaxLoop[float64](rate, p.adamParameters)),
	}.updateOp(s, gv, rate)
}

func adamaxLoop[T float](rate rate, p adamParameters) graph.Loop {
	return inBlocks(func(c *graph.Call, lo, hi int) {
		v, mean, largest, grad := piece[T](c, 0, lo, hi), piece[T](c, 1, lo, hi), piece[T](c, 2, lo, hi), piece[T](c, 3, lo, hi)
		alpha := rate.in(c) / (1 - scalar(c.In[4]))
		adamax(v, mean, largest, grad, T(alpha), T(p.beta1), T(p.beta2), T(p.epsilon))
	})
}

func adamax[T float](v, mean, largest, grad []T, alpha, beta1, beta2, epsilon T) {
	var scratch [2][block]T
	step, size := scratch[0][:len(grad)], scratch[1][:len(grad)]
	decayMean(mean, beta1, grad)
	kernel.Abs(size, grad)
	kernel.MulScalar(largest, largest, beta2)
	kernel.Maximum(largest, largest, size)
	kernel.MulScalar(step, mean, alpha)
	kernel.AddScalar(size, largest, epsilon)
	kernel.Div(step, step, size)
	kernel.Sub(v, v, step)
}
