package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// BiasAdd adds a bias [units] to the last axis of x [..., units].
//
// float32 or float64, both of one dtype. The gradients are grad and its sum over
// all axes but the last.
//
// TF: tf.nn.bias_add. PyTorch: none. Dtypes: float. Gradient: yes.
func BiasAdd(s *graph.Scope, x, bias *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  "BiasAdd",
		Infer: inferBiasAdd,
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			b.AddsRow(1)
			return byDtype{f32: addFloats[float32]().bind, f64: addFloats[float64]().bind}.first(b)
		},
		InPlace: []int{0},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return gorgonia.Nodes{grad, SumTo(s, grad, in[1])}
		},
	}, x, bias)
}

func inferBiasAdd(in []graph.Spec) (graph.Spec, error) {
	if len(in) != 2 {
		return graph.Spec{}, errors.Errorf("takes two inputs, but %d came", len(in))
	}
	x, bias := in[0], in[1]
	if err := floats.check(x); err != nil {
		return x, err
	}
	if x.Dtype != bias.Dtype {
		return x, errors.Errorf("x is %v and the bias %v; want one dtype (ops.Cast converts)", x, bias)
	}
	if bias.Rank() != 1 || x.Rank() < 1 {
		return x, errors.Errorf("x is %v and the bias %v; want x of rank 1 or more and a bias of rank 1", x, bias)
	}
	last := x.Rank() - 1
	out := graph.Spec{Dtype: x.Dtype, Shape: x.Shape.Clone()}
	switch {
	case out.Shape[last] < 0:
		out.Shape[last] = bias.Shape[0]
	case bias.Shape[0] >= 0 && bias.Shape[0] != out.Shape[last]:
		return x, errors.Errorf("x is %v and the bias %v; the last axis of x must have the size of the bias", x, bias)
	}
	return out, nil
}
