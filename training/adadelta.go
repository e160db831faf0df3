package training

import (
	"cmp"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// AdadeltaConfig configures Adadelta. The zero value has TensorFlow's defaults,
// whose learning rate is much smaller than the paper's, 1.
type AdadeltaConfig struct {
	LearningRate float64        // default 0.001; 1 is the paper's rule
	Rho          float64        // decay of both means; default 0.95, graph.Zero for none
	Epsilon      float64        // added to both means; default 1e-8
	Schedule     *gorgonia.Node // a scalar float node that wins over LearningRate
	GlobalStep   *gorgonia.Node // incremented by every step (see GlobalStep)
	Multipliers  []Multiplier   // of the learning rate, by pattern of the variables' names
	Name         string         // of its ops and slots; default "Adadelta"
}

// AdadeltaOptimizer is made by Adadelta.
type AdadeltaOptimizer struct{ optimizer }

// Adadelta makes steps whose size is that of the steps before, in the units of
// the weights (Zeiler 2012, arXiv 1212.5701):
//
//	a = rho*a + (1-rho)*g*g
//	u = sqrt(d+epsilon) / sqrt(a+epsilon) * g
//	d = rho*d + (1-rho)*u*u
//	v -= lr * u
//
// The slots of hidden1/kernel are hidden1/kernel/Adadelta (a) and .../Adadelta_1
// (d), which start at 0. tf.train.AdadeltaOptimizer; torch.optim.Adadelta is the
// same rule with lr 1, rho 0.9 and eps 1e-6.
func Adadelta(cfg AdadeltaConfig) *AdadeltaOptimizer {
	o := &AdadeltaOptimizer{}
	o.start("Adadelta", settings{cfg.Name, cmp.Or(cfg.LearningRate, 0.001), cfg.Schedule, cfg.GlobalStep, cfg.Multipliers})
	rho, epsilon := orDefault(cfg.Rho, 0.95), orDefault(cfg.Epsilon, 1e-8)
	fraction(&o.err, "Rho", rho)
	nonNegative(&o.err, "Epsilon", epsilon)
	o.update = func(s *graph.Scope, gv GradVar) *gorgonia.Node { return o.updateOp(s, gv, rho, epsilon) }
	return o
}

func (o *AdadeltaOptimizer) updateOp(s *graph.Scope, gv GradVar, rho, epsilon float64) *gorgonia.Node {
	rate := o.rateFor(gv.Var)
	acc := o.slot(s, gv.Var, "accum", o.name, filled(0))
	delta := o.slot(s, gv.Var, "accum_update", o.name, filled(0))
	return rule{
		op:     "ApplyAdadelta",
		attrs:  map[string]interface{}{"rho": rho, "epsilon": epsilon},
		slots:  gorgonia.Nodes{acc, delta},
		kernel: loops(adadeltaLoop[float32](rate, rho, epsilon), adadeltaLoop[float64](rate, rho, epsilon)),
	}.updateOp(s, gv, rate)
}

func adadeltaLoop[T float](rate rate, rho, epsilon float64) graph.Loop {
	return inBlocks(func(c *graph.Call, lo, hi int) {
		v, acc, delta, grad := piece[T](c, 0, lo, hi), piece[T](c, 1, lo, hi), piece[T](c, 2, lo, hi), piece[T](c, 3, lo, hi)
		adadelta(v, acc, delta, grad, T(rate.in(c)), T(rho), T(epsilon))
	})
}

func adadelta[T float](v, acc, delta, grad []T, lr, rho, epsilon T) {
	var scratch [2][block]T
	update, root := scratch[0][:len(grad)], scratch[1][:len(grad)]
	decaySquares(acc, rho, grad)
	kernel.AddScalar(update, delta, epsilon)
	kernel.Sqrt(update, update)
	kernel.AddScalar(root, acc, epsilon)
	kernel.Sqrt(root, root)
	kernel.Div(update, update, root)
	kernel.Mul(update, update, grad)
	decaySquares(delta, rho, update)
	kernel.SGD(v, update, lr)
}
