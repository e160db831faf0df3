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
	return view(s, "Flatten", nil, func(in []graph.Spec) (tensor.Shape, error) {
		x := in[0]
		if x.Rank() < 1 {
			return x.Shape, errors.Errorf("x is the scalar %v; want [batch, ...]", x)
		}
		return tensor.Shape{x.Shape[0], sizeOrUnknown(x.Shape[1:])}, nil
	}, x)
}
