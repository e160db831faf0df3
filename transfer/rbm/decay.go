package rbm

import (
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// decayed is gradient + decay*weights, for operands of one shape. It is one op so that the product which gives the gradient, the decay and the update
// of the weights are one walk over them.
func decayed(s *graph.Scope, gradient, weights *gorgonia.Node, decay float64) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  "WeightDecay",
		Attrs: map[string]interface{}{"decay": decay},
		Infer: sameShapes,
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			if b.Out.Dtype == tensor.Float64 {
				return b.Pointwise(decayLoop(decay)), nil
			}
			return b.Pointwise(decayLoop(float32(decay))), nil
		},
		InPlace:           []int{0, 1},
		NotDifferentiable: true,
	}, gradient, weights)
}

func decayLoop[T float](decay T) graph.Loop {
	return func(c *graph.Call, lo, hi int) {
		y, gradient, weights := elements[T](c.Out)[lo:hi], elements[T](c.In[0])[lo:hi], elements[T](c.In[1])[lo:hi]
		if c.Out.Pointer() == c.In[0].Pointer() {
			kernel.Axpy(y, decay, weights)
			return
		}
		kernel.MulScalar(y, weights, decay)
		kernel.Add(y, gradient, y)
	}
}
