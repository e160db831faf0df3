package training

import (
	"math"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// FtrlConfig configures Ftrl. LearningRate or Schedule is required.
type FtrlConfig struct {
	LearningRate       float64        // positive; graph.Zero for zero
	LearningRatePower  float64        // how the rate falls; default -0.5, graph.Zero for a rate that does not
	InitialAccumulator float64        // where the sum of squares starts; default 0.1, graph.Zero for zero
	L1, L2             float64        // strengths of the penalties, not negative; default 0
	L2Shrinkage        float64        // strength of an l2 that is part of the loss, not negative; default 0
	Schedule           *gorgonia.Node // a scalar float node that wins over LearningRate
	GlobalStep         *gorgonia.Node // incremented by every step (see GlobalStep)
	Multipliers        []Multiplier   // of the learning rate, by pattern of the variables' names
	Name               string         // of its ops and slots; default "Ftrl"
}

// FtrlOptimizer is made by Ftrl.
type FtrlOptimizer struct{ optimizer }

// Ftrl is "follow the regularised leader", proximal form, for wide sparse linear
// models (McMahan et al. 2013, "Ad click prediction: a view from the trenches",
// algorithm 1). With p = -LearningRatePower:
//
//	n = a + g*g
//	z += g + 2*l2_shrinkage*v - (n^p - a^p)/lr * v
//	v = -sign(z) * max(|z| - l1, 0) / (n^p/lr + 2*l2)
//	a = n
//
// The slots of hidden1/kernel are hidden1/kernel/Ftrl (a) and .../Ftrl_1 (z,
// which starts at 0). A variable's first value counts in the first step only: v
// is made anew from z. Without penalties a variable that starts at 0 goes the way of
// Adagrad by the default power, and that of gradient descent by power 0. Where the
// rate is 0, variable and slots stay as they are. tf.train.FtrlOptimizer;
// torch.optim has none.
func Ftrl(cfg FtrlConfig) *FtrlOptimizer {
	o := &FtrlOptimizer{}
	o.start("Ftrl", settings{cfg.Name, cfg.LearningRate, cfg.Schedule, cfg.GlobalStep, cfg.Multipliers})
	first := orDefault(cfg.InitialAccumulator, 0.1)
	nonNegative(&o.err, "InitialAccumulator", first)
	p := ftrlParameters{power: orDefault(cfg.LearningRatePower, -0.5)}
	if !(p.power <= 0 && !math.IsInf(p.power, -1)) && o.err == nil {
		o.err = errors.Errorf("LearningRatePower is %v; want a negative number or zero (graph.Zero)", p.power)
	}
	p.l1, p.l2, p.shrinkage = o.penalty("L1", cfg.L1), o.penalty("L2", cfg.L2), o.penalty("L2Shrinkage", cfg.L2Shrinkage)
	o.update = func(s *graph.Scope, gv GradVar) *gorgonia.Node { return o.updateOp(s, gv, first, p) }
	return o
}

// ftrlParameters are the numbers of Ftrl's rule.
type ftrlParameters struct{ power, l1, l2, shrinkage float64 }

func (o *FtrlOptimizer) updateOp(s *graph.Scope, gv GradVar, first float64, p ftrlParameters) *gorgonia.Node {
	rate := o.rateFor(gv.Var)
	acc := o.slot(s, gv.Var, "accum", o.name, filled(first))
	linear := o.slot(s, gv.Var, "linear", o.name, filled(0))
	name := "ApplyFtrl"
	if p.shrinkage > 0 {
		name = "ApplyFtrlV2"
	}
	return rule{
		op:     name,
		attrs:  map[string]interface{}{"lr_power": p.power, "l1": p.l1, "l2": p.l2, "l2_shrinkage": p.shrinkage},
		slots:  gorgonia.Nodes{acc, linear},
		kernel: loops(ftrlLoop[float32](rate, p), ftrlLoop[float64](rate, p)),
	}.updateOp(s, gv, rate)
}

func ftrlLoop[T float](rate rate, p ftrlParameters) graph.Loop {
	return inBlocks(func(c *graph.Call, lo, hi int) {
		v, acc, linear, grad := piece[T](c, 0, lo, hi), piece[T](c, 1, lo, hi), piece[T](c, 2, lo, hi), piece[T](c, 3, lo, hi)
		if lr := T(rate.in(c)); lr != 0 {
			ftrl(v, acc, linear, grad, lr, p)
		}
	})
}

func ftrl[T float](v, acc, linear, grad []T, lr T, p ftrlParameters) {
	var scratch [3][block]T
	before, after, change := scratch[0][:len(grad)], scratch[1][:len(grad)], scratch[2][:len(grad)]
	power(before, acc, -p.power)
	addSquares(acc, grad)
	power(after, acc, -p.power)

	kernel.Sub(before, after, before)
	kernel.DivScalar(before, before, lr)
	kernel.Mul(before, before, v)
	kernel.MulScalar(change, v, T(2*p.shrinkage))
	kernel.Add(change, grad, change)
	kernel.Sub(change, change, before)
	kernel.Add(linear, linear, change)

	kernel.DivScalar(after, after, lr)
	kernel.AddScalar(after, after, T(2*p.l2))
	// Where the threshold leaves nothing the weight is 0, even if the sum of squares is
	// and there is nothing to divide by. NaN stays; TensorFlow makes 0 of it.
	kernel.MaximumScalar(after, after, 1e-37)
	kernel.Clip(v, linear, T(-p.l1), T(p.l1)) // and less linear: minus what softThreshold leaves
	kernel.Sub(v, v, linear)
	kernel.Div(v, v, after)
}

// power is dst = x^p.
func power[T float](dst, x []T, p float64) {
	if p == 0.5 {
		kernel.Sqrt(dst, x)
		return
	}
	for i, v := range x {
		dst[i] = T(math.Pow(float64(v), p))
	}
}
