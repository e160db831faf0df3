package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// assignMovingAverage moves a moving statistic, a variable [channels], towards
// that of a batch x by TensorFlow's rule:
//
//	moving -= (moving - batch) * (1 - momentum)
//
// With unbiased set, batch is a biased variance over n = size(x)/channels
// values and takes Bessel's correction n/(n-1), none when n is 1. An empty
// batch changes nothing. Only the shape of x is used.
func assignMovingAverage(s *graph.Scope, moving, batch, x *gorgonia.Node, momentum float64, unbiased bool) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:      "AssignMovingAvg",
		Attrs:     map[string]interface{}{"momentum": momentum, "unbiased": unbiased},
		Updates:   []int{0},
		ShapeOnly: []int{2},
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			if in[0].Dtype != in[1].Dtype || in[0].Rank() != 1 || in[1].Rank() != 1 ||
				in[1].Shape[0] >= 0 && in[0].Shape[0] != in[1].Shape[0] {
				return in[0], errors.Errorf("the moving statistic is %v, that of the batch %v; want equal vectors", in[0], in[1])
			}
			return in[0], nil
		},
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			rows, _ := bnSize(b.In[2])
			factor := 1.0
			if unbiased && rows > 1 {
				factor = float64(rows) / float64(rows-1)
			}
			return floatKernel(b,
				moveTowards(float32(1-momentum), float32(factor), rows),
				moveTowards(1-momentum, factor, rows))
		},
		NotDifferentiable: true,
	}, moving, batch, x)
}

func moveTowards[T float](rate, factor T, rows int) graph.Kernel {
	return func(c *graph.Call) error {
		if rows == 0 {
			return nil
		}
		moving, batch := elements[T](c.Out), elements[T](c.In[1])
		for i, v := range batch {
			moving[i] -= (moving[i] - v*factor) * rate
		}
		return nil
	}
}
