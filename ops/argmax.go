package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// ArgMax is the index of the greatest element along an axis, which disappears:
// the first one of equals, and that of the first NaN if there is one. A
// negative axis counts from the last; its size must not be 0.
//
// Any numeric dtype -> int64; no gradient.
//
// TF: tf.argmax. PyTorch: torch.argmax. Dtypes: number. Gradient: no.
func ArgMax(s *graph.Scope, x *gorgonia.Node, axis int) *gorgonia.Node {
	return argExtremum(s, "ArgMax", x, axis, byDtype{
		f32: chooseAlong(axis, firstGreatestFloat[float32]), f64: chooseAlong(axis, firstGreatestFloat[float64]),
		i: chooseAlong(axis, firstGreatest[int]), i32: chooseAlong(axis, firstGreatest[int32]), i64: chooseAlong(axis, firstGreatest[int64]),
		u8: chooseAlong(axis, firstGreatest[uint8]),
	})
}

// argExtremum is the index of the element that a kernel chooses along an axis.
func argExtremum(s *graph.Scope, name string, x *gorgonia.Node, axis int, kernels byDtype) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  name,
		Attrs: map[string]interface{}{"axis": axis},
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			out := graph.Spec{Dtype: tensor.Int64}
			sp, err := inferAlong(numbers, axis)(in)
			if err != nil {
				return out, err
			}
			a, _ := axisOf(axis, sp.Rank())
			if sp.Shape[a] == 0 {
				return out, errors.Errorf("the input is %v; axis %d has no element to choose", sp, axis)
			}
			reduced := make([]bool, sp.Rank())
			reduced[a] = true
			out.Shape = reducedShape(sp.Shape, reduced, false)
			return out, nil
		},
		Kernel: kernels.first,
	}, x)
}

// chooseAlong binds a function that chooses one of n elements x[0], x[step], ...
func chooseAlong[T number](axis int, chosen func(x []T, n, step int) int64) binder {
	return func(b *graph.Binding) (graph.Kernel, error) {
		a, err := axisOf(axis, b.In[0].Rank())
		if err != nil {
			return nil, err
		}
		n := b.In[0].Shape[a]
		inner := sizeOf(b.In[0].Shape[a+1:])
		body := func(c *graph.Call, lo, hi int) {
			out, x := elements[int64](c.Out), elements[T](c.In[0])
			for k := lo; k < hi; k++ {
				out[k] = chosen(x[k/inner*n*inner+k%inner:], n, inner)
			}
		}
		return func(c *graph.Call) error {
			c.Split(c.Out.Size(), max(1, grain/n), body)
			return nil
		}, nil
	}
}

// firstGreatestFloat is firstGreatest with the kernel for elements side by side.
func firstGreatestFloat[T float](x []T, n, step int) int64 {
	if step == 1 {
		return int64(kernel.ArgMax(x[:n]))
	}
	return firstGreatest(x, n, step)
}

// firstGreatest is the index of the first of the greatest elements, or of the
// first NaN.
func firstGreatest[T number](x []T, n, step int) int64 {
	best, m := 0, x[0]
	for i := 1; i < n && m == m; i++ {
		if v := x[i*step]; v > m || v != v {
			best, m = i, v
		}
	}
	return int64(best)
}
