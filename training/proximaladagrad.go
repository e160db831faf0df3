package training

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// ProximalAdagradConfig configures ProximalAdagrad. LearningRate or Schedule is
// required.
type ProximalAdagradConfig struct {
	LearningRate       float64        // positive; graph.Zero for zero
	InitialAccumulator float64        // where the sum of squares starts; positive, default 0.1
	L1, L2             float64        // strengths of the penalties, not negative; default 0
	Schedule           *gorgonia.Node // a scalar float node that wins over LearningRate
	GlobalStep         *gorgonia.Node // incremented by every step (see GlobalStep)
	Multipliers        []Multiplier   // of the learning rate, by pattern of the variables' names
	Name               string         // of its ops and slots; default "ProximalAdagrad"
}

// ProximalAdagradOptimizer is made by ProximalAdagrad.
type ProximalAdagradOptimizer struct{ optimizer }

// ProximalAdagrad is ProximalGradientDescent with Adagrad's rate for every
// weight (Duchi and Singer 2009; Duchi, Hazan and Singer 2011):
//
//	a += g*g
//	r = lr / sqrt(a)
//	z = v - r*g
//	v = sign(z) * max(|z| - r*l1, 0) / (1 + r*l2)
//
// The slot of hidden1/kernel is hidden1/kernel/ProximalAdagrad (a).
// tf.train.ProximalAdagradOptimizer.
func ProximalAdagrad(cfg ProximalAdagradConfig) *ProximalAdagradOptimizer {
	o := &ProximalAdagradOptimizer{}
	o.start("ProximalAdagrad", settings{cfg.Name, cfg.LearningRate, cfg.Schedule, cfg.GlobalStep, cfg.Multipliers})
	first := orDefault(cfg.InitialAccumulator, 0.1)
	positive(&o.err, "InitialAccumulator", first)
	l1, l2 := o.penalty("L1", cfg.L1), o.penalty("L2", cfg.L2)
	o.update = func(s *graph.Scope, gv GradVar) *gorgonia.Node { return o.updateOp(s, gv, first, l1, l2) }
	return o
}

func (o *ProximalAdagradOptimizer) updateOp(s *graph.Scope, gv GradVar, first, l1, l2 float64) *gorgonia.Node {
	rate := o.rateFor(gv.Var)
	return rule{
		op:     "ApplyProximalAdagrad",
		attrs:  map[string]interface{}{"l1": l1, "l2": l2},
		slots:  gorgonia.Nodes{o.slot(s, gv.Var, "accumulator", o.name, filled(first))},
		kernel: loops(proximalAdagradLoop[float32](rate, l1, l2), proximalAdagradLoop[float64](rate, l1, l2)),
	}.updateOp(s, gv, rate)
}

func proximalAdagradLoop[T float](rate rate, l1, l2 float64) graph.Loop {
	return inBlocks(func(c *graph.Call, lo, hi int) {
		proximalAdagrad(piece[T](c, 0, lo, hi), piece[T](c, 1, lo, hi), piece[T](c, 2, lo, hi), T(rate.in(c)), T(l1), T(l2))
	})
}

func proximalAdagrad[T float](v, acc, grad []T, lr, l1, l2 T) {
	var scratch [3][block]T
	rates, limit, near := scratch[0][:len(grad)], scratch[1][:len(grad)], scratch[2][:len(grad)]
	addSquares(acc, grad)
	kernel.Sqrt(rates, acc)
	kernel.ScalarDiv(rates, lr, rates)
	kernel.Mul(near, rates, grad)
	kernel.Sub(v, v, near)

	kernel.MulScalar(limit, rates, l1) // softThreshold, with a limit for each weight
	kernel.Minimum(near, v, limit)
	kernel.Neg(limit, limit)
	kernel.Maximum(near, near, limit)
	kernel.Sub(v, v, near)

	kernel.MulScalar(rates, rates, l2)
	kernel.AddScalar(rates, rates, 1)
	kernel.Div(v, v, rates)
}
