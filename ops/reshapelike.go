package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// ReshapeLike gives x the shape of like, with the same elements in row-major
// order. Only the shape of like is used.
//
// Any dtype; the memory is shared. The gradient is grad in the shape of x.
//
// TF: tf.reshape. PyTorch: Tensor.view_as. Dtypes: any. Gradient: yes.
func ReshapeLike(s *graph.Scope, x, like *gorgonia.Node) *gorgonia.Node {
	return view(s, "ReshapeLike", nil, func(in []graph.Spec) (tensor.Shape, error) {
		x, like := in[0], in[1]
		if x.Known() && like.Known() && sizeOf(x.Shape) != sizeOf(like.Shape) {
			return like.Shape, errors.Errorf("x is %v, whose elements do not fill the shape of %v", x, like)
		}
		return like.Shape, nil
	}, x, like)
}
