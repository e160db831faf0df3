package transfer

import (
	"slices"

	"github.com/pkg/errors"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/transfer/weights"
)

// laidOut returns t in the order in which its elements make the value of a variable of that
// name and shape.
func (c *mapper) laidOut(t weights.Tensor, variable string, shape tensor.Shape) (weights.Tensor, error) {
	for i, l := range c.Layouts {
		if l.Rank != 0 && l.Rank != len(t.Shape) || !c.layouts[i].MatchString(variable) {
			continue
		}
		var err error
		if l.Shape != nil {
			if t, err = t.Reshape(l.shapeOf(t)...); err != nil {
				return t, err
			}
		}
		if l.Axes != nil {
			if t, err = t.Transpose(l.Axes...); err != nil {
				return t, err
			}
		}
		break
	}
	if slices.Equal(t.Shape, shape) || sameButOnes(t.Shape, shape) || flattened(t.Shape, shape) {
		return t, nil
	}
	return t, errors.Errorf("the stored %q has the shape %v; want %v", t.Name, t.Shape, []int(shape))
}

// shapeOf returns the layout's shape for t, whose elements say what -1 stands for.
func (l Layout) shapeOf(t weights.Tensor) []int {
	shape := slices.Clone(l.Shape)
	unknown := slices.Index(shape, -1)
	n, err := t.Elements()
	if unknown < 0 || err != nil {
		return shape
	}
	others := 1
	for i, d := range shape {
		if i != unknown {
			others *= d
		}
	}
	if others > 0 && n%others == 0 {
		shape[unknown] = n / others
	}
	return shape
}

// sameButOnes tells whether shapes are equal but for axes of size 1, as dense kernels are that
// another framework keeps as 1x1 convolutions.
func sameButOnes(a, b []int) bool {
	ones := func(s []int) []int { return slices.DeleteFunc(slices.Clone(s), func(d int) bool { return d == 1 }) }
	return slices.Equal(ones(a), ones(b))
}

// flattened tells whether a is [height, width, channels, units] and b the dense kernel behind the map.
func flattened(a, b []int) bool {
	return len(a) == 4 && len(b) == 2 && a[3] == b[1] && a[0]*a[1]*a[2] == b[0]
}
