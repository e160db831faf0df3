package ops

import (
	"math"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// Range counts from start in steps, up to limit (down to it, for a negative
// step), which is left out.
//
//	y[i] = start + i*step
//	[max(0, ceil((limit-start)/step))]
//
// dtype is float32, float64, int, int32 or int64; of an integer one all three
// numbers must be integers. The limits are Go numbers because the size must be
// known before the Run; RangeLike counts along an axis of another tensor.
//
// TF: tf.range. PyTorch: torch.arange. Dtypes: number. Gradient: no.
func Range(s *graph.Scope, dtype tensor.Dtype, start, limit, step float64) *gorgonia.Node {
	const name = "Range"
	count := math.Ceil((limit - start) / step)
	switch {
	case signed.check(graph.Spec{Dtype: dtype}) != nil:
		return s.Failf(name, nil, "dtype %v is not supported; want float32, float64, int, int32 or int64", dtype)
	case math.IsNaN(count) || math.IsInf(count, 0) || math.IsInf(step, 0) || count > 1<<40:
		return s.Fail(name, nil, graph.Spec{Dtype: dtype, Shape: tensor.Shape{graph.Unknown}},
			errors.Errorf("from %v to %v in steps of %v; want finite numbers, a step that is not 0, and at most 2^40 elements", start, limit, step))
	}
	for _, v := range []float64{start, limit, step} {
		if err := holdsValue(dtype, v); err != nil {
			return s.Fail(name, nil, graph.Spec{Dtype: dtype, Shape: tensor.Shape{graph.Unknown}}, err)
		}
	}
	return counting(s, dtype, start, step, func([]graph.Spec) (int, error) { return int(max(0, count)), nil },
		map[string]interface{}{"start": start, "limit": limit, "delta": step})
}

// RangeLike counts 0, 1, 2, ... along an axis of x (negative ones count from
// the last): positions in a batch whose size is not known.
//
//	y[i] = i
//	x [a, n, b], axis 1 -> [n]
//
// dtype is float32, float64, int, int32 or int64. x has any dtype; only its
// shape is used.
//
// TF: tf.range. PyTorch: torch.arange. Dtypes: number. Gradient: no.
func RangeLike(s *graph.Scope, dtype tensor.Dtype, x *gorgonia.Node, axis int) *gorgonia.Node {
	if signed.check(graph.Spec{Dtype: dtype}) != nil {
		return s.Failf("Range", nil, "dtype %v is not supported; want float32, float64, int, int32 or int64", dtype)
	}
	return counting(s, dtype, 0, 1, func(in []graph.Spec) (int, error) {
		a, err := axisOf(axis, in[0].Rank())
		if err != nil {
			return graph.Unknown, err
		}
		return in[0].Shape[a], nil
	}, map[string]interface{}{"axis": axis}, x)
}

// counting makes a Range of the size that the rule gives.
func counting(s *graph.Scope, dtype tensor.Dtype, start, step float64, size func(in []graph.Spec) (int, error), attrs map[string]interface{}, like ...*gorgonia.Node) *gorgonia.Node {
	def := graph.OpDef{
		Name:  "Range",
		Attrs: attrs,
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			n, err := size(in)
			return graph.Spec{Dtype: dtype, Shape: tensor.Shape{n}}, err
		},
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			f, err := byDtype{
				f32: rangeAs[float32](start, step), f64: rangeAs[float64](start, step),
				i: rangeAs[int](start, step), i32: rangeAs[int32](start, step), i64: rangeAs[int64](start, step),
			}.of(dtype)
			if err != nil {
				return nil, err
			}
			return f(b)
		},
		NotDifferentiable: true,
	}
	if len(like) > 0 {
		def.ShapeOnly = []int{0}
	}
	return graph.Apply(s, def, like...)
}

func rangeAs[T number](start, step float64) binder {
	return func(*graph.Binding) (graph.Kernel, error) {
		body := func(c *graph.Call, lo, hi int) {
			out := elements[T](c.Out)
			for i := lo; i < hi; i++ {
				out[i] = T(start + float64(i)*step)
			}
		}
		return func(c *graph.Call) error {
			c.Split(c.Out.Size(), grain, body)
			return nil
		}, nil
	}
}
