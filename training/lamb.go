package training

import (
	"cmp"
	"math"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// LAMBConfig configures LAMB. WeightDecay is required.
type LAMBConfig struct {
	LearningRate float64        // default 0.001
	Beta1        float64        // decay of the mean; default 0.9, graph.Zero for none
	Beta2        float64        // decay of the mean square; default 0.999, graph.Zero for none
	Epsilon      float64        // default 1e-6
	WeightDecay  float64        // usually 0.01; graph.Zero for none
	NoDecay      []string       // patterns of variables without decay and trust ratio
	Schedule     *gorgonia.Node // a scalar float node that wins over LearningRate
	GlobalStep   *gorgonia.Node // incremented by every step (see GlobalStep)
	Multipliers  []Multiplier   // of the learning rate, by pattern of the variables' names
	Name         string         // of its ops and slots; default "LAMB"
}

// LAMBOptimizer is made by LAMB.
type LAMBOptimizer struct{ optimizer }

// LAMB is Adam whose step is scaled to the length of the variable, for very large
// batches (You et al. 2020, arXiv 1904.00962). In step t = 1, 2, ...
//
//	m = beta1*m + (1-beta1)*g
//	s = beta2*s + (1-beta2)*g*g
//	u = m/(1-beta1^t) / (sqrt(s/(1-beta2^t)) + epsilon) + decay*v
//	v -= lr * |v|/|u| * u
//
// The trust ratio |v|/|u|, of Euclidean norms of the whole variable, is 1 where
// one of them is 0. A variable whose name NoDecay matches, as biases and the
// scales of normalisation should be, has decay 0 and trust ratio 1; a pattern
// that matches no variable is an error. The norms are added up in an order that
// depends on the size alone.
//
// The slots of hidden1/kernel are hidden1/kernel/LAMB (m) and .../LAMB_1 (s),
// which start at 0; the variable LAMB/step counts t. tfa.optimizers.LAMB and
// optax.lamb; torch.optim has none.
func LAMB(cfg LAMBConfig) *LAMBOptimizer {
	o := &LAMBOptimizer{}
	o.start("LAMB", settings{cfg.Name, cmp.Or(cfg.LearningRate, 0.001), cfg.Schedule, cfg.GlobalStep, cfg.Multipliers})
	p := adamParametersOf(&o.err, cfg.Beta1, cfg.Beta2, cfg.Epsilon, 1e-6)
	decay := weightDecay(&o.err, cfg.WeightDecay)
	o.noDecay = append([]string(nil), cfg.NoDecay...)
	o.countSteps(func(s *graph.Scope, gv GradVar, steps *gorgonia.Node) *gorgonia.Node {
		return o.updateOp(s, gv, steps, lamb{p, decay, !o.constant[gv.Var], o.rateFor(gv.Var)})
	})
	return o
}

// lamb is the rule of one variable.
type lamb struct {
	adamParameters
	decay float64
	trust bool // uses the decay and the trust ratio
	rate  rate
}

func (o *LAMBOptimizer) updateOp(s *graph.Scope, gv GradVar, steps *gorgonia.Node, l lamb) *gorgonia.Node {
	if !l.trust {
		l.decay = 0
	}
	mean := o.slot(s, gv.Var, "m", o.name, filled(0))
	square := o.slot(s, gv.Var, "v", o.name, filled(0))
	return rule{
		op: "ApplyLAMB",
		attrs: map[string]interface{}{
			"beta1": l.beta1, "beta2": l.beta2, "epsilon": l.epsilon, "weight_decay": l.decay, "trust_ratio": l.trust,
		},
		slots: gorgonia.Nodes{mean, square},
		reads: gorgonia.Nodes{steps},
		kernel: func(b *graph.Binding) (graph.Kernel, error) {
			if b.Out.Dtype == tensor.Float32 {
				return lambKernel[float32](b, l), nil
			}
			return lambKernel[float64](b, l), nil
		},
	}.updateOp(s, gv, l.rate)
}

// lambGrain is how many elements one goroutine takes, and the length of the
// parts in which the norms are added up.
const lambGrain = 8192

// lambKernel finds u and the norms in a first pass, and v in a second one.
func lambKernel[T float](b *graph.Binding, l lamb) graph.Kernel {
	n := b.Out.Shape.TotalSize()
	direction := b.Scratch(b.Out.Dtype, max(n, 1))
	parts := (n + lambGrain - 1) / lambGrain
	numbers := b.Scratch(tensor.Float64, 2*parts+1) // squares of v, of u; the step's length
	first := func(c *graph.Call, lo, hi int) {
		v, u, squares := piece[T](c, 0, lo, hi), elements[T](c.Scratch[direction])[lo:hi], c.Scratch[numbers].Float64s()
		mean, square, grad := piece[T](c, 1, lo, hi), piece[T](c, 2, lo, hi), piece[T](c, 3, lo, hi)
		t := float64(c.In[4].Int64s()[0] + 1)
		correct1, correct2 := 1-math.Pow(l.beta1, t), math.Sqrt(1-math.Pow(l.beta2, t))
		// m/correct1 / (sqrt(s)/correct2 + epsilon), from Adam's step of minus that
		// of a variable at 0.
		clear(u)
		kernel.Adam(u, mean, square, grad, T(-correct2/correct1), T(l.beta1), T(l.beta2), T(l.epsilon*correct2))
		kernel.SGD(u, v, T(-l.decay))
		squares[2*(lo/lambGrain)], squares[2*(lo/lambGrain)+1] = kernel.SquaresFrom(v, 0), kernel.SquaresFrom(u, 0)
	}
	second := func(c *graph.Call, lo, hi int) {
		step := c.Scratch[numbers].Float64s()[2*parts]
		kernel.SGD(piece[T](c, 0, lo, hi), elements[T](c.Scratch[direction])[lo:hi], T(step))
	}
	return func(c *graph.Call) error {
		c.Split(n, lambGrain, first)
		length := c.Scratch[numbers].Float64s()
		var ofV, ofU float64
		for k := range parts {
			ofV, ofU = ofV+length[2*k], ofU+length[2*k+1]
		}
		step := l.rate.in(c)
		if l.trust && ofV > 0 && ofU > 0 {
			step *= math.Sqrt(ofV) / math.Sqrt(ofU)
		}
		length[2*parts] = step
		c.Split(n, lambGrain, second)
		return nil
	}
}
