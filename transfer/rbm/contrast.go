package rbm

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// contrast stacks the hidden units of the machine, [m, hidden], divided by m, above those of the data, [n, hidden], divided by -n: [m+n, hidden]. Its
// product with the visible units, stacked alike and transposed, is the difference of the means <v_i h_j> of both; so that is one product and no
// subtraction of matrices as large as the weights, and the update of these follows in its step. Its sum over the rows is the difference of the means
// <h_j>.
func contrast(s *graph.Scope, model, data *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  "Contrast",
		Infer: inferContrast,
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			if b.Out.Dtype == tensor.Float64 {
				return contrastKernel[float64](b.In[0].Shape[0], b.In[1].Shape[0]), nil
			}
			return contrastKernel[float32](b.In[0].Shape[0], b.In[1].Shape[0]), nil
		},
		NotDifferentiable: true,
	}, model, data)
}

func inferContrast(in []graph.Spec) (graph.Spec, error) {
	model, data := in[0], in[1]
	if model.Dtype != data.Dtype || model.Rank() != 2 || data.Rank() != 2 || !graph.Compatible(model.Shape[1:], data.Shape[1:]) {
		return model, errors.Errorf("the hidden units are %v and %v; want [rows, hidden] of one dtype", model, data)
	}
	out := graph.Spec{Dtype: model.Dtype, Shape: tensor.Shape{graph.Unknown, model.Shape[1]}}
	if m, n := model.Shape[0], data.Shape[0]; m >= 0 && n >= 0 {
		out.Shape[0] = m + n
	}
	return out, nil
}

func contrastKernel[T float](m, n int) graph.Kernel {
	body := func(c *graph.Call, lo, hi int) {
		out, model, data := elements[T](c.Out), elements[T](c.In[0]), elements[T](c.In[1])
		if end := min(hi, len(model)); lo < end {
			kernel.MulScalar(out[lo:end], model[lo:end], 1/T(m))
			lo = end
		}
		if lo < hi {
			kernel.MulScalar(out[lo:hi], data[lo-len(model):hi-len(model)], -1/T(n))
		}
	}
	return func(c *graph.Call) error {
		c.Split(c.Out.Size(), contrastGrain, body)
		return nil
	}
}

// contrastGrain is how many elements one goroutine scales: some microseconds' worth.
const contrastGrain = 32768
