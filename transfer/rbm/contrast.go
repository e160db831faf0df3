package rbm

import (
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// contrast is model/m - data/n: the difference between the statistics of the machine, summed over its m examples, and those of the data, summed over n.
// m and n are the rows of modelRows and dataRows, of which only the shape is used. It is one op so that it and the update of the weights
// follow in the step of the product that makes model.
func contrast(s *graph.Scope, model, data, modelRows, dataRows *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name: "ContrastiveDivergence",
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			return sameShapes(in[:2])
		},
		ShapeOnly: []int{2, 3},
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			m, n := b.In[2].Shape[0], b.In[3].Shape[0]
			if b.Out.Dtype == tensor.Float64 {
				return b.Pointwise(contrastLoop[float64](m, n)), nil
			}
			return b.Pointwise(contrastLoop[float32](m, n)), nil
		},
		InPlace:           []int{0},
		NotDifferentiable: true,
	}, model, data, modelRows, dataRows)
}

func contrastLoop[T float](m, n int) graph.Loop {
	return func(c *graph.Call, lo, hi int) {
		out, model, data := elements[T](c.Out)[lo:hi], elements[T](c.In[0])[lo:hi], elements[T](c.In[1])[lo:hi]
		kernel.MulScalar(out, model, 1/T(m))
		kernel.Axpy(out, -1/T(n), data)
	}
}
