package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// Squeeze takes away the given axes, which must have size 1; negative ones
// count from the last. With no axis named it takes away all of size 1, and then
// every size must be known, because the rank depends on them.
//
//	x [a, 1, b], axis 1 -> [a, b]
//
// Any dtype; the memory is shared. The gradient is grad in the shape of x.
//
// TF: tf.squeeze. PyTorch: torch.squeeze. Dtypes: any. Gradient: yes.
func Squeeze(s *graph.Scope, x *gorgonia.Node, axes ...int) *gorgonia.Node {
	axes = append([]int(nil), axes...)
	if x != nil && len(axes) == 0 {
		// The axes are chosen now, so that they stay the same in every Run.
		for a, d := range graph.SpecOf(x).Shape {
			switch {
			case d < 0:
				return s.Failf("Squeeze", gorgonia.Nodes{x}, "x is %v; name the axes to take away, because not every size is known", graph.SpecOf(x))
			case d == 1:
				axes = append(axes, a)
			}
		}
		if len(axes) == 0 {
			return graph.Identity(s, x)
		}
	}
	return view(s, "Squeeze", map[string]interface{}{"axes": axes}, func(in []graph.Spec) (tensor.Shape, error) {
		x := in[0].Shape
		dropped, err := reducedAxes(axes, len(x))
		if err != nil {
			return x, err
		}
		for a, drop := range dropped {
			if drop && x[a] >= 0 && x[a] != 1 {
				return x, errors.Errorf("x is %v; axis %d has size %d and cannot be taken away; want size 1", in[0], a, x[a])
			}
		}
		return reducedShape(x, dropped, false), nil
	}, x)
}
