package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// ReshapeLike gives x the shape of like, with the same elements in row-major
// order. Only the shape of like is used.
//
// Any dtype; the memory is shared. The gradient is grad in the shape of x.
//
// TF: tf.reshape. PyTorch: Tensor.view_as. Dtypes: any. Gradient: yes.
func ReshapeLike(s *graph.Scope, x, like *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name: "ReshapeLike",
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			if len(in) != 2 {
				return graph.Spec{}, errors.Errorf("takes two inputs, but %d came", len(in))
			}
			x, like := in[0], in[1]
			out := graph.Spec{Dtype: x.Dtype, Shape: like.Shape}
			if x.Known() && like.Known() && sizeOf(x.Shape) != sizeOf(like.Shape) {
				return out, errors.Errorf("x is %v, whose elements do not fill the shape of %v", x, like)
			}
			return out, nil
		},
		ShapeOnly: []int{1},
		Kernel:    copyFirst,
		Alias:     graph.AliasFirst,
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return gorgonia.Nodes{ReshapeLike(s, grad, in[0]), nil}
		},
	}, x, like)
}
