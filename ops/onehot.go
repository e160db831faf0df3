package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// OneHot turns integer labels [...] into rows [..., depth] that are 1 at the
// label and 0 elsewhere.
//
// Labels are int, int32 or int64 from 0 to depth-1; another one is an error of
// the Run (tf.one_hot gives a row of zeros). The result has the graph's working
// dtype; it has no gradient.
//
// TF: tf.one_hot. PyTorch: torch.nn.functional.one_hot. Dtypes: int. Gradient: no.
func OneHot(s *graph.Scope, labels *gorgonia.Node, depth int) *gorgonia.Node {
	return OneHotOn(s, labels, depth, -1, 1, 0)
}

// OneHotOn is OneHot with the classes along an axis of the result (negative
// ones count from the last) and the value on at the label, off elsewhere:
// smoothed labels, for example.
//
//	labels [a, b], axis 1 -> [a, depth, b]
//
// TF: tf.one_hot. PyTorch: none. Dtypes: int. Gradient: no.
func OneHotOn(s *graph.Scope, labels *gorgonia.Node, depth, axis int, on, off float64) *gorgonia.Node {
	if depth < 1 {
		return s.Failf("OneHot", gorgonia.Nodes{labels}, "depth is %d; want the number of classes, 1 or more", depth)
	}
	dtype := s.Graph().Dtype()
	return graph.Apply(s, graph.OpDef{
		Name:  "OneHot",
		Attrs: map[string]interface{}{"depth": depth, "axis": axis, "on_value": on, "off_value": off},
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			if len(in) != 1 {
				return graph.Spec{}, errors.Errorf("takes one input, but %d came", len(in))
			}
			labels := in[0].Shape
			out := graph.Spec{Dtype: dtype, Shape: joinShapes(labels, tensor.Shape{depth})}
			a, err := axisOf(axis, len(out.Shape))
			if err != nil {
				return out, errors.Wrapf(err, "the labels are %v, and the result has one axis more", in[0])
			}
			out.Shape = joinShapes(labels[:a], tensor.Shape{depth}, labels[a:])
			return out, indices.check(in[0])
		},
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			a, err := axisOf(axis, b.Out.Rank())
			if err != nil {
				return nil, err
			}
			inner := sizeOf(b.Out.Shape[a+1:])
			if b.Out.Dtype == tensor.Float64 {
				return byDtype{i: oneHot[int](depth, inner, on, off), i32: oneHot[int32](depth, inner, on, off), i64: oneHot[int64](depth, inner, on, off)}.first(b)
			}
			x, y := float32(on), float32(off)
			return byDtype{i: oneHot[int](depth, inner, x, y), i32: oneHot[int32](depth, inner, x, y), i64: oneHot[int64](depth, inner, x, y)}.first(b)
		},
		NotDifferentiable: true,
	}, labels)
}

// oneHot fills out with off and puts on at the labels, of which inner stand
// behind the axis of the classes.
func oneHot[I label, T float](depth, inner int, on, off T) binder {
	return func(*graph.Binding) (graph.Kernel, error) {
		return func(c *graph.Call) error {
			out := elements[T](c.Out)
			for i := range out {
				out[i] = off
			}
			for i, label := range elements[I](c.In[0]) {
				if int64(label) < 0 || int64(label) >= int64(depth) {
					return errors.Errorf("label %d at position %d is out of range; want 0 to %d", label, i, depth-1)
				}
				out[i/inner*depth*inner+int(label)*inner+i%inner] = on
			}
			return nil
		}, nil
	}
}
