package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// Maxout keeps the largest of every k neighbouring features: Goodfellow et al.
// (2013). Along an axis of units*k elements (negative axes count from the last;
// -1 is usual), element u of the result is the maximum of the elements u*k to
// u*k + k-1; the axis shrinks to units. Behind a Dense layer of units*k outputs
// it is a maxout layer, whose activation is learned:
//
//	h := ops.Maxout(s, ops.Dense(s, x, 5*100, ops.DenseConfig{}), 100, -1)
//
// float32, float64 or integers; the size of the axis must be a multiple of units
// and may be unknown, as others may. NaN in a group makes it NaN.
//
// The gradient goes to the largest of a group, and is divided equally where
// there are several.
//
// TF: tf.contrib.layers.maxout. PyTorch: none. Dtypes: number. Gradient: yes.
func Maxout(s *graph.Scope, x *gorgonia.Node, units, axis int) *gorgonia.Node {
	const name = "maxout"
	if x == nil {
		return s.Failf(name, nil, "x is nil")
	}
	sp := graph.SpecOf(x)
	at, err := axisOf(axis, sp.Rank())
	intended := graph.Spec{Dtype: sp.Dtype, Shape: sp.Shape.Clone()}
	if err == nil {
		intended.Shape[at] = max(units, graph.Unknown)
	}
	switch {
	case graph.IsBad(x):
		return s.Fail(name, gorgonia.Nodes{x}, intended, errors.New("x could not be built"))
	case err != nil:
		return s.Fail(name, gorgonia.Nodes{x}, intended, err)
	case units < 1:
		return s.Fail(name, gorgonia.Nodes{x}, intended, errors.Errorf("units is %d; want a positive number", units))
	}
	return Max(s, grouped(s, name, x, at, units), at+1)
}

// grouped cuts an axis of x into groups of neighbours: [..., n, ...] ->
// [..., groups, n/groups, ...], the same elements.
func grouped(s *graph.Scope, name string, x *gorgonia.Node, axis, groups int) *gorgonia.Node {
	attrs := map[string]interface{}{"axis": axis, "units": groups}
	return view(s, name, attrs, func(in []graph.Spec) (tensor.Shape, error) {
		shape := joinShapes(in[0].Shape[:axis], tensor.Shape{groups, graph.Unknown}, in[0].Shape[axis+1:])
		if err := numbers.check(in[0]); err != nil {
			return shape, err
		}
		if d := in[0].Shape[axis]; d >= 0 {
			shape[axis+1] = d / groups
			if d == 0 || d%groups != 0 {
				return shape, errors.Errorf("the input is %v; want a size along axis %d that is a multiple of %d units", in[0], axis, groups)
			}
		}
		return shape, nil
	}, x)
}
