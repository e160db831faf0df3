package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// ExpandDims puts an axis of size 1 before the given one; -1 puts it last.
//
//	x [a, b], axis 1 -> [a, 1, b]
//
// Any dtype; the memory is shared. The gradient is grad in the shape of x.
//
// TF: tf.expand_dims. PyTorch: torch.unsqueeze. Dtypes: any. Gradient: yes.
func ExpandDims(s *graph.Scope, x *gorgonia.Node, axis int) *gorgonia.Node {
	return view(s, "ExpandDims", map[string]interface{}{"axis": axis}, func(in []graph.Spec) (tensor.Shape, error) {
		x := in[0].Shape
		a, err := axisOf(axis, len(x)+1)
		if err != nil {
			return x, errors.Wrapf(err, "x is %v, and the result has one axis more", in[0])
		}
		return joinShapes(x[:a], tensor.Shape{1}, x[a:]), nil
	}, x)
}
