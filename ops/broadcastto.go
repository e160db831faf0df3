package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// BroadcastTo repeats x to the given sizes, as NumPy broadcasts: aligned at the
// last axis, an axis of size 1 or a missing one takes any size. A size of -1
// keeps that of x, which may be unknown.
//
//	x [1, n], sizes m, -1 -> [m, n]
//
// Any dtype. It makes a copy, which the elementwise ops do without. The gradient
// is grad, summed to the shape of x.
//
// TF: tf.broadcast_to. PyTorch: torch.broadcast_to. Dtypes: any. Gradient: yes.
func BroadcastTo(s *graph.Scope, x *gorgonia.Node, sizes ...int) *gorgonia.Node {
	sizes = append(tensor.Shape{}, sizes...)
	return graph.Apply(s, graph.OpDef{
		Name:  "BroadcastTo",
		Attrs: map[string]interface{}{"shape": sizes},
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			x := in[0]
			out := graph.Spec{Dtype: x.Dtype, Shape: append(tensor.Shape{}, sizes...)}
			shift := len(sizes) - x.Rank()
			for a, d := range sizes {
				if d < graph.Unknown || d < 0 && a < shift {
					return out, errors.Errorf("size %d of axis %d; want 0 or more, or -1 to keep the size of an axis that x, %v, has", d, a, x)
				}
				if d < 0 {
					out.Shape[a] = x.Shape[a-shift]
				}
			}
			if !broadcastsTo(x.Shape, out.Shape) {
				return out, errors.Errorf("x is %v, which cannot be repeated to %v: aligned at the last axis, its sizes must be equal or 1", x, sizes)
			}
			return out, nil
		},
		Kernel: pullWith(func(b *graph.Binding) (*layout, error) { return broadcastLayout(b.Out.Shape, b.In[0]) }),
		Alias:  aliasWhenEqualSize,
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return only(SumTo(s, grad, in[0]))
		},
	}, x)
}
