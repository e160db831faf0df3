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
// the Run. The result has the graph's working dtype; it has no gradient.
// tf.one_hot (which gives a row of zeros for a label out of range),
// torch.nn.functional.one_hot.
func OneHot(s *graph.Scope, labels *gorgonia.Node, depth int) *gorgonia.Node {
	if depth < 1 {
		return s.Failf("OneHot", gorgonia.Nodes{labels}, "depth is %d; want the number of classes, 1 or more", depth)
	}
	dtype := s.Graph().Dtype()
	return graph.Apply(s, graph.OpDef{
		Name:  "OneHot",
		Attrs: map[string]interface{}{"depth": depth},
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			if len(in) != 1 {
				return graph.Spec{}, errors.Errorf("takes one input, but %d came", len(in))
			}
			shape := append(append(tensor.Shape{}, in[0].Shape...), depth)
			return graph.Spec{Dtype: dtype, Shape: shape}, indices.check(in[0])
		},
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			if b.Out.Dtype == tensor.Float64 {
				return byDtype{i: oneHot[int, float64](depth), i32: oneHot[int32, float64](depth), i64: oneHot[int64, float64](depth)}.first(b)
			}
			return byDtype{i: oneHot[int, float32](depth), i32: oneHot[int32, float32](depth), i64: oneHot[int64, float32](depth)}.first(b)
		},
		NotDifferentiable: true,
	}, labels)
}

func oneHot[I integer, T float](depth int) binder {
	return func(*graph.Binding) (graph.Kernel, error) {
		return func(c *graph.Call) error {
			out := elements[T](c.Out)
			clear(out)
			for i, label := range elements[I](c.In[0]) {
				if int64(label) < 0 || int64(label) >= int64(depth) {
					return errors.Errorf("label %d at position %d is out of range; want 0 to %d", label, i, depth-1)
				}
				out[i*depth+int(label)] = 1
			}
			return nil
		}, nil
	}
}
