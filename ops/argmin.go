package ops

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// ArgMin is the index of the least element along an axis, which disappears: the
// first one of equals, and that of the first NaN if there is one. A negative axis
// counts from the last; its size must not be 0.
//
// Any numeric dtype -> int64.
// TF: tf.argmin. PyTorch: torch.argmin. Dtypes: number. Gradient: no.
func ArgMin(s *graph.Scope, x *gorgonia.Node, axis int) *gorgonia.Node {
	return argExtremum(s, "ArgMin", x, axis, byDtype{
		f32: chooseAlong(axis, firstLeast[float32]), f64: chooseAlong(axis, firstLeast[float64]),
		i: chooseAlong(axis, firstLeast[int]), i32: chooseAlong(axis, firstLeast[int32]), i64: chooseAlong(axis, firstLeast[int64]),
		u8: chooseAlong(axis, firstLeast[uint8]),
	})
}

// firstLeast is the index of the first of the least elements, or of the first
// NaN.
func firstLeast[T number](x []T, n, step int) int64 {
	best, m := 0, x[0]
	for i := 1; i < n && m == m; i++ {
		if v := x[i*step]; v < m || v != v {
			best, m = i, v
		}
	}
	return int64(best)
}
