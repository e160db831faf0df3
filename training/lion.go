package training

import (
	"cmp"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// LionConfig configures Lion. WeightDecay is required.
type LionConfig struct {
	LearningRate float64        // default 1e-4: three to ten times less than Adam's
	Beta1        float64        // weighs the momentum in the step; default 0.9, graph.Zero for none
	Beta2        float64        // decay of the momentum; default 0.99, graph.Zero for none
	WeightDecay  float64        // three to ten times more than AdamW's; graph.Zero for none
	NoDecay      []string       // patterns of variables that do not decay
	Schedule     *gorgonia.Node // a scalar float node that wins over LearningRate
	GlobalStep   *gorgonia.Node // incremented by every step (see GlobalStep)
	Multipliers  []Multiplier   // of the learning rate, by pattern of the variables' names
	Name         string         // of its ops and slots; default "Lion"
}

// LionOptimizer is made by Lion.
type LionOptimizer struct{ optimizer }

// Lion moves every weight by the same amount, of which only the sign follows the
// gradient and its momentum (Chen et al. 2023, arXiv 2302.06675):
//
//	v -= lr * (sign(beta1*m + (1-beta1)*g) + decay*v)
//	m  = beta2*m + (1-beta2)*g
//
// The sign of 0 is 0, and that of NaN is NaN. A variable whose name NoDecay
// matches has decay 0; a pattern that matches no variable is an error. The slot
// of hidden1/kernel is hidden1/kernel/Lion (m) and starts at 0. optax.lion;
// neither TensorFlow 1 nor torch.optim has it.
func Lion(cfg LionConfig) *LionOptimizer {
	o := &LionOptimizer{}
	o.start("Lion", settings{cfg.Name, cmp.Or(cfg.LearningRate, 1e-4), cfg.Schedule, cfg.GlobalStep, cfg.Multipliers})
	l := lion{beta1: orDefault(cfg.Beta1, 0.9), beta2: orDefault(cfg.Beta2, 0.99), decay: weightDecay(&o.err, cfg.WeightDecay)}
	fraction(&o.err, "Beta1", l.beta1)
	fraction(&o.err, "Beta2", l.beta2)
	o.noDecay = append([]string(nil), cfg.NoDecay...)
	o.update = func(s *graph.Scope, gv GradVar) *gorgonia.Node {
		l := l
		l.rate = o.rateFor(gv.Var)
		if o.constant[gv.Var] {
			l.decay = 0
		}
		return o.updateOp(s, gv, l)
	}
	return o
}

// lion is the rule of one variable.
type lion struct {
	beta1, beta2, decay float64
	rate                rate
}

func (o *LionOptimizer) updateOp(s *graph.Scope, gv GradVar, l lion) *gorgonia.Node {
	return rule{
		op:     "ApplyLion",
		attrs:  map[string]interface{}{"beta1": l.beta1, "beta2": l.beta2, "weight_decay": l.decay},
		slots:  gorgonia.Nodes{o.slot(s, gv.Var, "m", o.name, filled(0))},
		kernel: loops(lionLoop[float32](l), lionLoop[float64](l)),
	}.updateOp(s, gv, l.rate)
}

func lionLoop[T float](l lion) graph.Loop {
	return inBlocks(func(c *graph.Call, lo, hi int) {
		lr := l.rate.in(c)
		lionStep(piece[T](c, 0, lo, hi), piece[T](c, 1, lo, hi), piece[T](c, 2, lo, hi), T(lr), T(lr*l.decay), T(l.beta1), T(l.beta2))
	})
}

func lionStep[T float](v, m, grad []T, lr, decay, beta1, beta2 T) {
	var scratch [block]T
	step := scratch[:len(grad)]
	copy(step, m)
	decayMean(step, beta1, grad)
	kernel.Sign(step, step)
	kernel.MulScalar(step, step, lr)
	kernel.Axpy(step, decay, v)
	kernel.Sub(v, v, step)
	decayMean(m, beta2, grad)
}
