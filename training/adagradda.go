package training

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// AdagradDAConfig configures AdagradDA. GlobalStep, and LearningRate or
// Schedule, are required.
type AdagradDAConfig struct {
	LearningRate       float64        // positive; graph.Zero for zero
	InitialAccumulator float64        // where the sum of squares starts; positive, default 0.1
	L1, L2             float64        // strengths of the penalties of a step, not negative; default 0
	Schedule           *gorgonia.Node // a scalar float node that wins over LearningRate
	GlobalStep         *gorgonia.Node // the number of steps before, incremented by every step (see GlobalStep)
	Multipliers        []Multiplier   // of the learning rate, by pattern of the variables' names
	Name               string         // of its ops and slots; default "AdagradDA"
}

// AdagradDAOptimizer is made by AdagradDA.
type AdagradDAOptimizer struct{ optimizer }

// AdagradDA is Adagrad by dual averaging, for sparse linear models (Duchi, Hazan
// and Singer 2011): a step goes to the minimum of the linearised losses of all steps
// so far plus the penalties. In step t = 1, 2, ... by the global step,
//
//	b += g
//	a += g*g
//	v = -lr * sign(b) * max(|b| - l1*t, 0) / (l2*t*lr + sqrt(a))
//
// A variable's first value has no influence: v is made anew from b, so deep nets
// need another optimizer. The slots of hidden1/kernel are
// hidden1/kernel/AdagradDA (b, which starts at 0) and .../AdagradDA_1 (a). Where
// the rate is 0, variable and slots stay as they are.
// tf.train.AdagradDAOptimizer.
func AdagradDA(cfg AdagradDAConfig) *AdagradDAOptimizer {
	o := &AdagradDAOptimizer{}
	o.start("AdagradDA", settings{cfg.Name, cfg.LearningRate, cfg.Schedule, cfg.GlobalStep, cfg.Multipliers})
	if cfg.GlobalStep == nil && o.err == nil {
		o.err = errors.New("GlobalStep is nil; the rule counts steps: give it training.GlobalStep(s)")
	}
	first := orDefault(cfg.InitialAccumulator, 0.1)
	positive(&o.err, "InitialAccumulator", first)
	l1, l2 := o.penalty("L1", cfg.L1), o.penalty("L2", cfg.L2)
	o.update = func(s *graph.Scope, gv GradVar) *gorgonia.Node { return o.updateOp(s, gv, first, l1, l2) }
	return o
}

func (o *AdagradDAOptimizer) updateOp(s *graph.Scope, gv GradVar, first, l1, l2 float64) *gorgonia.Node {
	rate := o.rateFor(gv.Var)
	sum := o.slot(s, gv.Var, "gradient_accumulator", o.name, filled(0))
	squares := o.slot(s, gv.Var, "gradient_squared_accumulator", o.name, filled(first))
	return rule{
		op:     "ApplyAdagradDA",
		attrs:  map[string]interface{}{"l1": l1, "l2": l2},
		slots:  gorgonia.Nodes{sum, squares},
		reads:  gorgonia.Nodes{o.globalStep},
		kernel: loops(adagradDALoop[float32](rate, l1, l2), adagradDALoop[float64](rate, l1, l2)),
	}.updateOp(s, gv, rate)
}

func adagradDALoop[T float](rate rate, l1, l2 float64) graph.Loop {
	return inBlocks(func(c *graph.Call, lo, hi int) {
		v, sum, squares, grad := piece[T](c, 0, lo, hi), piece[T](c, 1, lo, hi), piece[T](c, 2, lo, hi), piece[T](c, 3, lo, hi)
		if lr, t := rate.in(c), 1+stepCount(c.In[4]); lr != 0 {
			adagradDA(v, sum, squares, grad, T(lr), T(l1*t), T(l2*t*lr))
		}
	})
}

func adagradDA[T float](v, sum, squares, grad []T, lr, threshold, shrink T) {
	var scratch [block]T
	root := scratch[:len(grad)]
	kernel.Add(sum, sum, grad)
	addSquares(squares, grad)
	kernel.Sqrt(root, squares)
	kernel.AddScalar(root, root, shrink)
	softThreshold(v, sum, threshold)
	kernel.MulScalar(v, v, -lr)
	kernel.Div(v, v, root)
}
