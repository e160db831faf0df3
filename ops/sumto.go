package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// SumTo undoes broadcasting: it adds x along the axes that like lacks or has
// with size 1, so that the result has the shape of like. Only the shape of like
// is used; when it is that of x the result is x itself.
//
// Any numeric dtype. It is the gradient of broadcasting; its own is grad,
// broadcast to x again.
//
// TF: none. PyTorch: Tensor.sum_to_size. Dtypes: number. Gradient: yes.
func SumTo(s *graph.Scope, x, like *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:      "SumTo",
		Infer:     inferSumTo,
		ShapeOnly: []int{1},
		Alias:     aliasWhenEqualSize,
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			x, like := b.In[0].Shape, b.In[1].Shape
			reduced := make([]bool, len(x))
			for a, d := range x {
				k := a - (len(x) - len(like))
				reduced[a] = k < 0 || like[k] == 1 && d != 1
			}
			return sums(reduced).first(b)
		},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return gorgonia.Nodes{BroadcastLike(s, grad, in[0]), nil}
		},
	}, x, like)
}

func inferSumTo(in []graph.Spec) (graph.Spec, error) {
	if len(in) != 2 {
		return graph.Spec{}, errors.Errorf("takes two inputs, but %d came", len(in))
	}
	x, like := in[0], in[1]
	out := graph.Spec{Dtype: x.Dtype, Shape: like.Shape}
	if err := numbers.check(x); err != nil {
		return out, err
	}
	if !broadcastsTo(like.Shape, x.Shape) {
		return out, errors.Errorf("x is %v, which cannot be summed to the shape of %v: aligned at the last axis, that must be equal or 1", x, like)
	}
	return out, nil
}
