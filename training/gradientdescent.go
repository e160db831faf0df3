package training

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// GradientDescentConfig configures GradientDescent. LearningRate or Schedule is
// required.
type GradientDescentConfig struct {
	LearningRate float64        // positive; graph.Zero for zero
	Schedule     *gorgonia.Node // a scalar float node that wins over LearningRate
	GlobalStep   *gorgonia.Node // incremented by every step (see GlobalStep)
	Multipliers  []Multiplier   // of the learning rate, by pattern of the variables' names
	Name         string         // of its ops; default "GradientDescent"
}

// GradientDescentOptimizer is made by GradientDescent.
type GradientDescentOptimizer struct{ optimizer }

// GradientDescent is plain (stochastic) gradient descent:
//
//	v -= lr * g
//
// tf.train.GradientDescentOptimizer; torch.optim.SGD with momentum 0.
func GradientDescent(cfg GradientDescentConfig) *GradientDescentOptimizer {
	o := &GradientDescentOptimizer{}
	o.start("GradientDescent", settings{cfg.Name, cfg.LearningRate, cfg.Schedule, cfg.GlobalStep, cfg.Multipliers})
	o.update = o.updateOp
	return o
}

func (o *GradientDescentOptimizer) updateOp(s *graph.Scope, gv GradVar) *gorgonia.Node {
	rate := o.rateFor(gv.Var)
	return rule{
		op: "ApplyGradientDescent",
		kernel: func(b *graph.Binding) (graph.Kernel, error) {
			b.Adds(1, func(c *graph.Call) float64 { return -rate.in(c) })
			return splitKernel(b, descentLoop[float32](rate), descentLoop[float64](rate))
		},
	}.updateOp(s, gv, rate)
}

func descentLoop[T float](rate rate) graph.Loop {
	return func(c *graph.Call, lo, hi int) {
		kernel.SGD(piece[T](c, 0, lo, hi), piece[T](c, 1, lo, hi), T(rate.in(c)))
	}
}
