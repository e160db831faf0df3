package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// ArgMax is the index of the greatest element along an axis, which disappears:
// the first one of equals, and that of the first NaN if there is one. A
// negative axis counts from the last; its size must not be 0.
//
// Any numeric dtype -> int64; no gradient. tf.argmax, torch.argmax.
func ArgMax(s *graph.Scope, x *gorgonia.Node, axis int) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  "ArgMax",
		Attrs: map[string]interface{}{"axis": axis},
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			out := graph.Spec{Dtype: tensor.Int64}
			if len(in) != 1 {
				return out, errors.Errorf("takes one input, but %d came", len(in))
			}
			if err := numbers.check(in[0]); err != nil {
				return out, err
			}
			a, err := axisOf(axis, in[0].Rank())
			if err != nil {
				return out, err
			}
			if in[0].Shape[a] == 0 {
				return out, errors.Errorf("the input is %v; axis %d has no element to choose", in[0], axis)
			}
			reduced := make([]bool, in[0].Rank())
			reduced[a] = true
			out.Shape = reducedShape(in[0].Shape, reduced, false)
			return out, nil
		},
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			a, err := axisOf(axis, b.In[0].Rank())
			if err != nil {
				return nil, err
			}
			return byDtype{
				f32: argMax[float32](a), f64: argMax[float64](a),
				i: argMax[int](a), i32: argMax[int32](a), i64: argMax[int64](a), u8: argMax[uint8](a),
			}.first(b)
		},
	}, x)
}

func argMax[T number](axis int) binder {
	return func(b *graph.Binding) (graph.Kernel, error) {
		n := b.In[0].Shape[axis]
		inner := sizeOf(b.In[0].Shape[axis+1:])
		body := func(c *graph.Call, lo, hi int) {
			out, x := elements[int64](c.Out), elements[T](c.In[0])
			for k := lo; k < hi; k++ {
				out[k] = firstGreatest(x[k/inner*n*inner+k%inner:], n, inner)
			}
		}
		return func(c *graph.Call) error {
			c.Split(c.Out.Size(), max(1, grain/n), body)
			return nil
		}, nil
	}
}

// firstGreatest looks at x[0], x[step], ..., n elements.
func firstGreatest[T number](x []T, n, step int) int64 {
	best, m := 0, x[0]
	for i := 1; i < n && m == m; i++ {
		if v := x[i*step]; v > m || v != v {
			best, m = i, v
		}
	}
	return int64(best)
}
