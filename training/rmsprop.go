package training

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// RMSPropConfig configures RMSProp. LearningRate or Schedule is required.
type RMSPropConfig struct {
	LearningRate float64        // positive; graph.Zero for zero
	Decay        float64        // of the mean square, and of the mean; default 0.9, graph.Zero for none
	Momentum     float64        // in [0, 1); default 0
	Epsilon      float64        // added to the mean square, inside the root; default 1e-10
	Centered     bool           // divides by the standard deviation: see RMSProp
	Schedule     *gorgonia.Node // a scalar float node that wins over LearningRate
	GlobalStep   *gorgonia.Node // incremented by every step (see GlobalStep)
	Multipliers  []Multiplier   // of the learning rate, by pattern of the variables' names
	Name         string         // of its ops and slots; default "RMSProp"
}

// RMSPropOptimizer is made by RMSProp.
type RMSPropOptimizer struct{ optimizer }

// RMSProp divides the gradient by the root of a decaying mean of its square
// (Tieleman and Hinton 2012, lecture 6.5 of their course):
//
//	s = decay*s + (1-decay)*g*g
//	a = momentum*a + lr * g / sqrt(s + epsilon)
//	v -= a
//
// Centered (Graves 2013, arXiv 1308.0850) also keeps the mean of the gradient,
// m = decay*m + (1-decay)*g, and divides by sqrt(s - m*m + epsilon).
//
// The slots of hidden1/kernel are hidden1/kernel/RMSProp (s, which starts at 1)
// and .../RMSProp_1 (a, at 0); of the centered form, .../RMSProp_1 is m and
// .../RMSProp_2 is a. tf.train.RMSPropOptimizer; torch.optim.RMSprop starts s at
// 0, adds eps, 1e-8, to the root, calls the decay alpha, 0.99, and multiplies by lr
// behind the momentum: v -= lr * a.
func RMSProp(cfg RMSPropConfig) *RMSPropOptimizer {
	o := &RMSPropOptimizer{}
	o.start("RMSProp", settings{cfg.Name, cfg.LearningRate, cfg.Schedule, cfg.GlobalStep, cfg.Multipliers})
	p := rmsPropParameters{
		decay:    orDefault(cfg.Decay, 0.9),
		momentum: orDefault(cfg.Momentum, 0),
		epsilon:  orDefault(cfg.Epsilon, 1e-10),
	}
	fraction(&o.err, "Decay", p.decay)
	fraction(&o.err, "Momentum", p.momentum)
	nonNegative(&o.err, "Epsilon", p.epsilon)
	o.update = func(s *graph.Scope, gv GradVar) *gorgonia.Node { return o.updateOp(s, gv, p) }
	if cfg.Centered {
		o.update = func(s *graph.Scope, gv GradVar) *gorgonia.Node { return o.centeredOp(s, gv, p) }
	}
	return o
}

// rmsPropParameters are the numbers of RMSProp's rule.
type rmsPropParameters struct{ decay, momentum, epsilon float64 }

func (p rmsPropParameters) attrs() map[string]interface{} {
	return map[string]interface{}{"decay": p.decay, "momentum": p.momentum, "epsilon": p.epsilon}
}

func (o *RMSPropOptimizer) updateOp(s *graph.Scope, gv GradVar, p rmsPropParameters) *gorgonia.Node {
	rate := o.rateFor(gv.Var)
	square := o.slot(s, gv.Var, "rms", o.name, filled(1))
	momentum := o.slot(s, gv.Var, "momentum", o.name, filled(0))
	return rule{
		op:     "ApplyRMSProp",
		attrs:  p.attrs(),
		slots:  gorgonia.Nodes{square, momentum},
		kernel: loops(rmsPropLoop[float32](rate, p), rmsPropLoop[float64](rate, p)),
	}.updateOp(s, gv, rate)
}

func (o *RMSPropOptimizer) centeredOp(s *graph.Scope, gv GradVar, p rmsPropParameters) *gorgonia.Node {
	rate := o.rateFor(gv.Var)
	square := o.slot(s, gv.Var, "rms", o.name, filled(1))
	mean := o.slot(s, gv.Var, "mg", o.name, filled(0))
	momentum := o.slot(s, gv.Var, "momentum", o.name, filled(0))
	return rule{
		op:     "ApplyCenteredRMSProp",
		attrs:  p.attrs(),
		slots:  gorgonia.Nodes{square, mean, momentum},
		kernel: loops(centeredRMSPropLoop[float32](rate, p), centeredRMSPropLoop[float64](rate, p)),
	}.updateOp(s, gv, rate)
}

func rmsPropLoop[T float](rate rate, p rmsPropParameters) graph.Loop {
	return inBlocks(func(c *graph.Call, lo, hi int) {
		v, square, mom, grad := piece[T](c, 0, lo, hi), piece[T](c, 1, lo, hi), piece[T](c, 2, lo, hi), piece[T](c, 3, lo, hi)
		decaySquares(square, T(p.decay), grad)
		rmsProp(v, square, mom, grad, T(rate.in(c)), T(p.momentum), T(p.epsilon))
	})
}

func centeredRMSPropLoop[T float](rate rate, p rmsPropParameters) graph.Loop {
	return inBlocks(func(c *graph.Call, lo, hi int) {
		v, square, mean := piece[T](c, 0, lo, hi), piece[T](c, 1, lo, hi), piece[T](c, 2, lo, hi)
		mom, grad := piece[T](c, 3, lo, hi), piece[T](c, 4, lo, hi)
		var scratch [block]T
		variance := scratch[:hi-lo]
		decaySquares(square, T(p.decay), grad)
		decayMean(mean, T(p.decay), grad)
		kernel.Square(variance, mean)
		kernel.Sub(variance, square, variance)
		// A gradient that stays the same leaves a variance of 0 and what was
		// rounded off, which may be below -epsilon; TensorFlow gets NaN then.
		kernel.MaximumScalar(variance, variance, 0)
		rmsProp(v, variance, mom, grad, T(rate.in(c)), T(p.momentum), T(p.epsilon))
	})
}

// rmsProp is mom = mu*mom + lr*grad/sqrt(spread+epsilon) and v -= mom.
func rmsProp[T float](v, spread, mom, grad []T, lr, mu, epsilon T) {
	var scratch [2][block]T
	step, root := scratch[0][:len(grad)], scratch[1][:len(grad)]
	kernel.MulScalar(step, grad, lr)
	kernel.AddScalar(root, spread, epsilon)
	kernel.Sqrt(root, root)
	kernel.Div(step, step, root)
	kernel.MulScalar(mom, mom, mu)
	kernel.Add(mom, mom, step)
	kernel.Sub(v, v, mom)
}
