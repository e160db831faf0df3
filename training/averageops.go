package training

import (
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// weight returns what a new value weighs, beside the decay of the earlier ones:
// a float64 scalar.
func (a *MovingAverage) weight(s *graph.Scope) *gorgonia.Node {
	n := a.cfg.NumUpdates
	switch {
	case a.cfg.Uniform:
		return graph.ConstOf(s, tensor.Float64, 1)
	case n == nil:
		return graph.ConstOf(s, tensor.Float64, 1-a.cfg.Decay)
	case s.Graph().IsVariable(n):
		n = graph.Read(s, n)
	}
	decay := a.cfg.Decay
	return graph.Apply(s, graph.OpDef{
		Name:  "average_weight",
		Attrs: map[string]interface{}{"decay": decay},
		Infer: func([]graph.Spec) (graph.Spec, error) { return graph.Spec{Dtype: tensor.Float64}, nil },
		Kernel: func(*graph.Binding) (graph.Kernel, error) {
			return func(c *graph.Call) error {
				n := stepCount(c.In[0])
				c.Out.Float64s()[0] = 1 - min(decay, (1+n)/(10+n))
				return nil
			}, nil
		},
		NotDifferentiable: true,
	}, n)
}

// total returns what all values so far weigh, the new one included, or nil where
// that is 1.
func (a *MovingAverage) total(s *graph.Scope, weight *gorgonia.Node) *gorgonia.Node {
	if !a.cfg.Uniform && !a.cfg.ZeroDebias {
		return nil
	}
	g := s.Graph()
	name := a.cfg.Name + "/weight"
	total := a.slots.own(slotKey{g, nil, name}, func() *gorgonia.Node {
		return graph.Variable(g.Scope(), freeName(g, name), tensor.Shape{}, graph.VariableConfig{
			Dtype: tensor.Float64, Initializer: filled(0), NotTrainable: true,
		})
	})
	if a.cfg.Uniform {
		return graph.AssignAdd(s, total, weight)
	}
	return graph.Apply(s, graph.OpDef{
		Name:    "add_average_weight",
		Infer:   graph.SameAs,
		Updates: []int{0},
		Kernel: func(*graph.Binding) (graph.Kernel, error) {
			return func(c *graph.Call) error {
				total, weight := c.In[0].Float64s(), scalar(c.In[1])
				total[0] += weight * (1 - total[0])
				return nil
			}, nil
		},
		NotDifferentiable: true,
	}, total, weight)
}

// moveOp moves an average towards the current value of v, by the share that the
// new value has in the total weight.
func (a *MovingAverage) moveOp(s *graph.Scope, average, v, weight, total *gorgonia.Node) *gorgonia.Node {
	inputs := gorgonia.Nodes{average, v, weight}
	if total != nil {
		inputs = append(inputs, total)
	}
	return graph.Apply(s, graph.OpDef{
		Name:    "AssignMovingAvg",
		Infer:   graph.SameAs,
		Updates: []int{0},
		Reads:   []int{1},
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			return splitKernel(b, inBlocks(moveAverage[float32]), inBlocks(moveAverage[float64]))
		},
		NotDifferentiable: true,
	}, inputs...)
}

func moveAverage[T float](c *graph.Call, lo, hi int) {
	share := scalar(c.In[2])
	if len(c.In) > 3 {
		share /= scalar(c.In[3])
	}
	approach(piece[T](c, 0, lo, hi), piece[T](c, 1, lo, hi), T(share))
}

// swapOp exchanges the values of two variables.
func swapOp(s *graph.Scope, a, b *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:    "Swap",
		Infer:   graph.SameAs,
		Updates: []int{0, 1},
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			return splitKernel(b, swap[float32], swap[float64])
		},
		NotDifferentiable: true,
	}, a, b)
}

func swap[T float](c *graph.Call, lo, hi int) {
	a, b := piece[T](c, 0, lo, hi), piece[T](c, 1, lo, hi)
	for i := range a {
		a[i], b[i] = b[i], a[i]
	}
}
