package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// Reshape gives x other sizes with the same elements in row-major order. One
// size may be -1: it follows from the others, in every Run anew when x has an
// unknown size. No sizes make a scalar of a single element.
//
// Any dtype; the memory is shared. The gradient is grad in the shape of x.
//
// TF: tf.reshape. PyTorch: torch.reshape. Dtypes: any. Gradient: yes.
func Reshape(s *graph.Scope, x *gorgonia.Node, sizes ...int) *gorgonia.Node {
	sizes = append(tensor.Shape{}, sizes...)
	return view(s, "Reshape", map[string]interface{}{"shape": sizes}, func(in []graph.Spec) (tensor.Shape, error) {
		return reshaped(in[0], sizes)
	}, x)
}

// reshaped is the shape that sizes, one of which may be -1, give to x.
func reshaped(x graph.Spec, sizes tensor.Shape) (tensor.Shape, error) {
	out := append(tensor.Shape{}, sizes...)
	free, rest := -1, 1
	for a, d := range sizes {
		switch {
		case d < graph.Unknown:
			return out, errors.Errorf("size %d of axis %d is negative; only -1 has a meaning", d, a)
		case d >= 0:
			rest *= d
		case free >= 0:
			return out, errors.Errorf("the sizes %v have two -1; only one can follow from the others", []int(sizes))
		default:
			free = a
		}
	}
	known, unknown := 1, 0
	for _, d := range x.Shape {
		if d < 0 {
			unknown++
		} else {
			known *= d
		}
	}
	wrong := errors.Errorf("x is %v, whose elements do not fill sizes %v", x, []int(sizes))
	switch {
	case free < 0 && unknown == 0 && known != rest, free < 0 && unknown > 0 && (known == 0 && rest != 0 || known > 0 && rest%known != 0):
		return out, wrong
	case free < 0 || unknown > 0:
		return out, nil
	case rest == 0 && known == 0:
		return out, errors.Errorf("x is %v, which has no elements: -1 in %v could be any size; name it", x, []int(sizes))
	case rest == 0 || known%rest != 0:
		return out, wrong
	}
	out[free] = known / rest
	return out, nil
}
