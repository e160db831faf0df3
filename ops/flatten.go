package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// Flatten keeps the first axis and makes one of the others: [batch, ...] ->
// [batch, product of the rest], in row-major order; [batch] becomes [batch, 1].
// Any dtype; any size may be unknown, but Dense wants to know the product. The
// memory is shared. The gradient is grad in the shape of x.
//
// TF: tf.layers.flatten. PyTorch: torch.nn.Flatten. Dtypes: any. Gradient: yes.
func Flatten(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name: "Flatten",
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			x := in[0]
			if x.Rank() < 1 {
				return x, errors.Errorf("x is the scalar %v; want [batch, ...]", x)
			}
			return graph.Spec{Dtype: x.Dtype, Shape: tensor.Shape{x.Shape[0], sizeOrUnknown(x.Shape[1:])}}, nil
		},
		Kernel: copyFirst,
		Alias:  graph.AliasFirst,
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return only(ReshapeLike(s, grad, in[0]))
		},
	}, x)
}
