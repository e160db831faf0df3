package training

import (
	"cmp"
	"math"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// RAdamConfig configures RAdam. The zero value has PyTorch's defaults.
type RAdamConfig struct {
	LearningRate float64        // default 0.001
	Beta1        float64        // decay of the mean; default 0.9, graph.Zero for none
	Beta2        float64        // decay of the mean square; default 0.999, graph.Zero for none
	Epsilon      float64        // "epsilon hat"; default 1e-8
	Schedule     *gorgonia.Node // a scalar float node that wins over LearningRate
	GlobalStep   *gorgonia.Node // incremented by every step (see GlobalStep)
	Multipliers  []Multiplier   // of the learning rate, by pattern of the variables' names
	Name         string         // of its ops and slots; default "RAdam"
}

// RAdamOptimizer is made by RAdam.
type RAdamOptimizer struct{ optimizer }

// RAdam is rectified Adam (Liu et al. 2020, arXiv 1908.03265), which needs no
// warm-up: it scales Adam's step by how well the mean square is known, and does
// without that while it is not. With R = 2/(1-beta2) - 1, in step t = 1, 2, ...
//
//	m = beta1*m + (1-beta1)*g
//	s = beta2*s + (1-beta2)*g*g
//	r = R - 2*t*beta2^t/(1-beta2^t)
//	v -= lr * sqrt((r-4)*(r-2)*R / ((R-4)*(R-2)*r)) * sqrt(1-beta2^t)/(1-beta1^t) * m / (sqrt(s) + epsilon)    where r > 5
//	v -= lr / (1-beta1^t) * m                                                                             elsewhere
//
// The paper has r > 4, its authors' program and the other frameworks 5. The slots
// of hidden1/kernel are hidden1/kernel/RAdam (m) and .../RAdam_1 (s), which start
// at 0; the variable RAdam/step counts t. Weight decay is DecoupledWeightDecay's
// affair. torch.optim.RAdam; tfa.optimizers.RectifiedAdam.
func RAdam(cfg RAdamConfig) *RAdamOptimizer {
	o := &RAdamOptimizer{}
	o.start("RAdam", settings{cfg.Name, cmp.Or(cfg.LearningRate, 0.001), cfg.Schedule, cfg.GlobalStep, cfg.Multipliers})
	p := adamParametersOf(&o.err, cfg.Beta1, cfg.Beta2, cfg.Epsilon, 1e-8)
	o.countSteps(func(s *graph.Scope, gv GradVar, steps *gorgonia.Node) *gorgonia.Node {
		return o.updateOp(s, gv, steps, p)
	})
	return o
}

func (o *RAdamOptimizer) updateOp(s *graph.Scope, gv GradVar, steps *gorgonia.Node, p adamParameters) *gorgonia.Node {
	rate := o.rateFor(gv.Var)
	mean := o.slot(s, gv.Var, "m", o.name, filled(0))
	square := o.slot(s, gv.Var, "v", o.name, filled(0))
	return rule{
		op:     "ApplyRAdam",
		attrs:  p.attrs(),
		slots:  gorgonia.Nodes{mean, square},
		reads:  gorgonia.Nodes{steps},
		kernel: loops(radamLoop[float32](rate, p), radamLoop[float64](rate, p)),
	}.updateOp(s, gv, rate)
}

func radamLoop[T float](rate rate, p adamParameters) graph.Loop {
	limit := 2/(1-p.beta2) - 1
	return func(c *graph.Call, lo, hi int) {
		v, mean, square, grad := piece[T](c, 0, lo, hi), piece[T](c, 1, lo, hi), piece[T](c, 2, lo, hi), piece[T](c, 3, lo, hi)
		t := float64(c.In[4].Int64s()[0] + 1)
		power2 := math.Pow(p.beta2, t)
		alpha := rate.in(c) / (1 - math.Pow(p.beta1, t))
		r := limit - 2*t*power2/(1-power2)
		if r > 5 {
			alpha *= math.Sqrt((r - 4) * (r - 2) * limit / ((limit - 4) * (limit - 2) * r) * (1 - power2))
			kernel.Adam(v, mean, square, grad, T(alpha), T(p.beta1), T(p.beta2), T(p.epsilon))
			return
		}
		kernel.Adam(v, mean, square, grad, 0, T(p.beta1), T(p.beta2), T(p.epsilon)) // leaves v
		kernel.SGD(v, mean, T(alpha))
	}
}
