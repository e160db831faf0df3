package training

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// ProximalGradientDescentConfig configures ProximalGradientDescent.
// LearningRate or Schedule is required.
type ProximalGradientDescentConfig struct {
	LearningRate float64        // positive; graph.Zero for zero
	L1, L2       float64        // strengths of the penalties, not negative; default 0
	Schedule     *gorgonia.Node // a scalar float node that wins over LearningRate
	GlobalStep   *gorgonia.Node // incremented by every step (see GlobalStep)
	Multipliers  []Multiplier   // of the learning rate, by pattern of the variables' names
	Name         string         // of its ops; default "ProximalGradientDescent"
}

// ProximalGradientDescentOptimizer is made by ProximalGradientDescent.
type ProximalGradientDescentOptimizer struct{ optimizer }

// ProximalGradientDescent makes a step of gradient descent and then the step
// that is best for the penalty l1*|v| + l2/2*v*v near by, so that l1 makes
// weights exactly 0 (forward-backward splitting, Duchi and Singer 2009):
//
//	z = v - lr*g
//	v = sign(z) * max(|z| - lr*l1, 0) / (1 + lr*l2)
//
// tf.train.ProximalGradientDescentOptimizer.
func ProximalGradientDescent(cfg ProximalGradientDescentConfig) *ProximalGradientDescentOptimizer {
	o := &ProximalGradientDescentOptimizer{}
	o.start("ProximalGradientDescent", settings{cfg.Name, cfg.LearningRate, cfg.Schedule, cfg.GlobalStep, cfg.Multipliers})
	l1, l2 := o.penalty("L1", cfg.L1), o.penalty("L2", cfg.L2)
	o.update = func(s *graph.Scope, gv GradVar) *gorgonia.Node { return o.updateOp(s, gv, l1, l2) }
	return o
}

func (o *ProximalGradientDescentOptimizer) updateOp(s *graph.Scope, gv GradVar, l1, l2 float64) *gorgonia.Node {
	rate := o.rateFor(gv.Var)
	return rule{
		op:     "ApplyProximalGradientDescent",
		attrs:  map[string]interface{}{"l1": l1, "l2": l2},
		kernel: loops(proximalDescentLoop[float32](rate, l1, l2), proximalDescentLoop[float64](rate, l1, l2)),
	}.updateOp(s, gv, rate)
}

func proximalDescentLoop[T float](rate rate, l1, l2 float64) graph.Loop {
	return inBlocks(func(c *graph.Call, lo, hi int) {
		lr := rate.in(c)
		proximalDescent(piece[T](c, 0, lo, hi), piece[T](c, 1, lo, hi), T(lr), T(lr*l1), T(1+float64(lr*l2)))
	})
}

func proximalDescent[T float](v, grad []T, lr, threshold, shrink T) {
	var scratch [block]T
	z := scratch[:len(grad)]
	copy(z, v)
	kernel.SGD(z, grad, lr)
	softThreshold(v, z, threshold)
	kernel.DivScalar(v, v, shrink)
}
