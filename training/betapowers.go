package training

import (
	"math"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// betaPowers are the numbers of Adam and its kin, and the variables that hold
// the powers of their betas in the graph at hand. As the means start at 0, those
// say how much of it is still in them.
type betaPowers struct {
	adamParameters
	power1, power2 *gorgonia.Node // beta1^t and beta2^t of the coming step t
}

// keepPowers makes the optimizer keep the powers: shared by all variables, and
// multiplied by the betas after the updates of a step.
func (o *optimizer) keepPowers(p adamParameters) *betaPowers {
	b := &betaPowers{adamParameters: p}
	o.prepare = func(s *graph.Scope, grads []GradVar) {
		b.power1, b.power2 = o.power(s, "beta1_power", p.beta1, grads), o.power(s, "beta2_power", p.beta2, grads)
	}
	o.finish = b.decay
	return b
}

// power makes or finds the variable that holds a power of beta: its value is
// that of the coming step. It is float64 where a variable is.
func (o *optimizer) power(s *graph.Scope, name string, beta float64, grads []GradVar) *gorgonia.Node {
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

// corrected is the learning rate of a step that allows for the start of both
// means at 0, lr * sqrt(1-beta2^t)/(1-beta1^t), by the arrays of the powers.
func corrected(lr float64, power1, power2 *graph.Array) float64 {
	return lr * math.Sqrt(1-scalar(power2)) / (1 - scalar(power1))
}

// decay multiplies the powers by their betas.
func (b *betaPowers) decay(s *graph.Scope) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:    "decay",
		Attrs:   map[string]interface{}{"beta1": b.beta1, "beta2": b.beta2},
		Infer:   graph.SameAs,
		Updates: []int{0, 1},
		Kernel: func(*graph.Binding) (graph.Kernel, error) {
			return func(c *graph.Call) error {
				multiply(c.In[0], b.beta1)
				multiply(c.In[1], b.beta2)
				return nil
			}, nil
		},
		NotDifferentiable: true,
	}, b.power1, b.power2)
}

func multiply(a *graph.Array, by float64) {
	if a.Dtype() == tensor.Float32 {
		a.Float32s()[0] *= float32(by)
		return
	}
	a.Float64s()[0] *= by
}
