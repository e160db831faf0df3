package training

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// AdagradConfig configures Adagrad. LearningRate or Schedule is required.
type AdagradConfig struct {
	LearningRate       float64        // positive; graph.Zero for zero
	InitialAccumulator float64        // where the sum of squares starts; positive, default 0.1
	Schedule           *gorgonia.Node // a scalar float node that wins over LearningRate
	GlobalStep         *gorgonia.Node // incremented by every step (see GlobalStep)
	Multipliers        []Multiplier   // of the learning rate, by pattern of the variables' names
	Name               string         // of its ops and slots; default "Adagrad"
}

// AdagradOptimizer is made by Adagrad.
type AdagradOptimizer struct{ optimizer }

// Adagrad divides the learning rate of every weight by the root of the sum of
// its squared gradients (Duchi, Hazan and Singer 2011), so that the rate only falls:
//
//	a += g*g
//	v -= lr * g / sqrt(a)
//
// The slot of hidden1/kernel is hidden1/kernel/Adagrad (a). There is no epsilon:
// the start of a keeps the root from 0. tf.train.AdagradOptimizer;
// torch.optim.Adagrad starts a at 0 and adds eps, 1e-10, to the root.
func Adagrad(cfg AdagradConfig) *AdagradOptimizer {
	o := &AdagradOptimizer{}
	o.start("Adagrad", settings{cfg.Name, cfg.LearningRate, cfg.Schedule, cfg.GlobalStep, cfg.Multipliers})
	first := orDefault(cfg.InitialAccumulator, 0.1)
	positive(&o.err, "InitialAccumulator", first)
	o.update = func(s *graph.Scope, gv GradVar) *gorgonia.Node { return o.updateOp(s, gv, first) }
	return o
}

func (o *AdagradOptimizer) updateOp(s *graph.Scope, gv GradVar, first float64) *gorgonia.Node {
	rate := o.rateFor(gv.Var)
	return rule{
		op:     "ApplyAdagrad",
		slots:  gorgonia.Nodes{o.slot(s, gv.Var, "accumulator", o.name, filled(first))},
		kernel: loops(adagradLoop[float32](rate), adagradLoop[float64](rate)),
	}.updateOp(s, gv, rate)
}

func adagradLoop[T float](rate rate) graph.Loop {
	return inBlocks(func(c *graph.Call, lo, hi int) {
		adagrad(piece[T](c, 0, lo, hi), piece[T](c, 1, lo, hi), piece[T](c, 2, lo, hi), T(rate.in(c)))
	})
}

func adagrad[T float](v, acc, grad []T, lr T) {
	var scratch [block]T
	step := scratch[:len(grad)]
	addSquares(acc, grad)
	kernel.MulScalar(step, grad, lr)
	descend(v, step, acc, 0)
}
