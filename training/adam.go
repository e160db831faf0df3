package training

import (
	"math"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// AdamConfig configures Adam. The zero value has TensorFlow's defaults.
type AdamConfig struct {
	LearningRate float64        // default 0.001
	Beta1        float64        // decay of the mean; default 0.9, graph.Zero for none
	Beta2        float64        // decay of the mean square; default 0.999
	Epsilon      float64        // "epsilon hat"; default 1e-8, 0.1 or 1 for some nets
	Schedule     *gorgonia.Node // a scalar float node that wins over LearningRate
	GlobalStep   *gorgonia.Node // incremented by every step (see GlobalStep)
	Multipliers  []Multiplier   // of the learning rate, by pattern of the variables' names
	Name         string         // of its ops and slots; default "Adam"
}

// AdamOptimizer is made by Adam.
type AdamOptimizer struct{ optimizer }

// Adam is adaptive moment estimation (Kingma and Ba 2015, arXiv 1412.6980), in
// the form of the end of the paper's section 2. In step t = 1, 2, ...
//
//	m = beta1*m + (1-beta1)*g
//	s = beta2*s + (1-beta2)*g*g
//	v -= lr * sqrt(1-beta2^t)/(1-beta1^t) * m / (sqrt(s) + epsilon)
//
// The slots of hidden1/kernel are hidden1/kernel/Adam (m) and .../Adam_1 (s),
// which start at 0; beta1_power and beta2_power are scalar variables, shared by
// all. tf.train.AdamOptimizer; torch.optim.Adam divides by (1-beta2^t) before it
// adds epsilon, so that its eps is this one times sqrt(1-beta2^t).
func Adam(cfg AdamConfig) *AdamOptimizer {
	o := &AdamOptimizer{}
	o.start("Adam", settings{cfg.Name, nonZero(cfg.LearningRate, 0.001), cfg.Schedule, cfg.GlobalStep, cfg.Multipliers})
	p := adamParameters{
		beta1:   orDefault(cfg.Beta1, 0.9),
		beta2:   orDefault(cfg.Beta2, 0.999),
		epsilon: orDefault(cfg.Epsilon, 1e-8),
	}
	fraction(&o.err, "Beta1", p.beta1)
	fraction(&o.err, "Beta2", p.beta2)
	if !(p.epsilon >= 0) && o.err == nil {
		o.err = errors.Errorf("Epsilon is %v; want a positive number", p.epsilon)
	}
	var power1, power2 *gorgonia.Node
	o.prepare = func(s *graph.Scope, grads []GradVar) {
		power1, power2 = o.power(s, "beta1_power", p.beta1, grads), o.power(s, "beta2_power", p.beta2, grads)
	}
	o.update = func(s *graph.Scope, gv GradVar) *gorgonia.Node { return o.updateOp(s, gv, power1, power2, p) }
	o.finish = func(s *graph.Scope) *gorgonia.Node { return decay(s, power1, power2, p) }
	return o
}

// adamParameters are the numbers of Adam's rule.
type adamParameters struct{ beta1, beta2, epsilon float64 }

// power makes or finds the variable that holds a power of beta: its value is
// that of the coming step. It is float64 where a variable is.
func (o *AdamOptimizer) power(s *graph.Scope, name string, beta float64, grads []GradVar) *gorgonia.Node {
	dtype := tensor.Float32
	for _, gv := range grads {
		if gv.Grad != nil && gv.Var.Dtype() == tensor.Float64 {
			dtype = tensor.Float64
		}
	}
	g := s.Graph()
	return o.own(slotKey{g, nil, name}, func() *gorgonia.Node {
		return graph.Variable(g.Scope(), freeName(g, name), tensor.Shape{}, graph.VariableConfig{
			Dtype: dtype, Initializer: filled(beta), NotTrainable: true,
		})
	})
}

func (o *AdamOptimizer) updateOp(s *graph.Scope, gv GradVar, power1, power2 *gorgonia.Node, p adamParameters) *gorgonia.Node {
	rate := o.rateFor(gv.Var)
	m := o.slot(s, gv.Var, "m", o.name, filled(0))
	v := o.slot(s, gv.Var, "v", o.name, filled(0))
	return graph.Apply(s, graph.OpDef{
		Name:    "ApplyAdam",
		Attrs:   rate.attrs(map[string]interface{}{"beta1": p.beta1, "beta2": p.beta2, "epsilon": p.epsilon}),
		Infer:   inferUpdate(2),
		Updates: []int{0, 1, 2},
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			return splitKernel(b, adapt[float32](rate, p), adapt[float64](rate, p))
		},
		NotDifferentiable: true,
	}, rate.inputs(gv.Var, m, v, gv.Grad, power1, power2)...)
}

func adapt[T float](rate rate, p adamParameters) func(c *graph.Call, lo, hi int) {
	return func(c *graph.Call, lo, hi int) {
		v, m, sq, grad := elements[T](c.In[0]), elements[T](c.In[1]), elements[T](c.In[2]), elements[T](c.In[3])
		alpha := rate.in(c) * math.Sqrt(1-scalar(c.In[5])) / (1 - scalar(c.In[4]))
		kernel.Adam(v[lo:hi], m[lo:hi], sq[lo:hi], grad[lo:hi], T(alpha), T(p.beta1), T(p.beta2), T(p.epsilon))
	}
}

// decay multiplies the powers by their betas.
func decay(s *graph.Scope, power1, power2 *gorgonia.Node, p adamParameters) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:    "decay",
		Attrs:   map[string]interface{}{"beta1": p.beta1, "beta2": p.beta2},
		Infer:   graph.SameAs,
		Updates: []int{0, 1},
		Kernel: func(*graph.Binding) (graph.Kernel, error) {
			return func(c *graph.Call) error {
				multiply(c.In[0], p.beta1)
				multiply(c.In[1], p.beta2)
				return nil
			}, nil
		},
		NotDifferentiable: true,
	}, power1, power2)
}

func multiply(a *graph.Array, by float64) {
	if a.Dtype() == tensor.Float32 {
		a.Float32s()[0] *= float32(by)
		return
	}
	a.Float64s()[0] *= by
}
