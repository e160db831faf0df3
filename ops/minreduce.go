package ops

import (
	"math"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// Min is the least element along the given axes, which disappear; negative
// axes count from the last, and none means all. It is NaN if any element is,
// and +Inf (the greatest integer) of no elements.
//
// Any numeric dtype. The gradient is divided equally among the elements that are
// the minimum, as in TensorFlow; it is NaN where the minimum is.
//
// TF: tf.reduce_min. PyTorch: torch.amin. Dtypes: number. Gradient: yes.
func Min(s *graph.Scope, x *gorgonia.Node, axes ...int) *gorgonia.Node {
	return minimum(s, x, axes, false)
}

// MinKeep is Min with the reduced axes kept, of size 1 (keep_dims), so that
// the result broadcasts against x.
//
// TF: tf.reduce_min. PyTorch: torch.amin. Dtypes: number. Gradient: yes.
func MinKeep(s *graph.Scope, x *gorgonia.Node, axes ...int) *gorgonia.Node {
	return minimum(s, x, axes, true)
}

func minimum(s *graph.Scope, x *gorgonia.Node, axes []int, keep bool) *gorgonia.Node {
	return reduction{
		name: "Min", allowed: numbers, axes: axes, keep: keep,
		kernels: func(reduced []bool) byDtype {
			return byDtype{
				f32: minOfFloats[float32]().bind(reduced),
				f64: minOfFloats[float64]().bind(reduced),
				i:   minOf(math.MaxInt).bind(reduced),
				i32: minOf(int32(math.MaxInt32)).bind(reduced),
				i64: minOf(int64(math.MaxInt64)).bind(reduced),
				u8:  minOf(uint8(math.MaxUint8)).bind(reduced),
			}
		},
		grad: extremumGrad(axes, keep),
	}.apply(s, x)
}

func minOfFloats[T float]() reducer[T] {
	f := minOf(T(math.Inf(1)))
	f.run = kernel.Min[T]
	return f
}

func minOf[T number](none T) reducer[T] {
	return reducer[T]{
		run: func(x []T) T {
			// Four lanes, because each step waits for the one before it.
			m0, m1, m2, m3 := none, none, none, none
			for ; len(x) >= 4; x = x[4:] {
				m0, m1, m2, m3 = min(m0, x[0]), min(m1, x[1]), min(m2, x[2]), min(m3, x[3])
			}
			for _, v := range x {
				m0 = min(m0, v)
			}
			return min(m0, m1, m2, m3)
		},
		columns: func(dst, x []T, rows, cols, lo, hi int) {
			copy(dst[lo:hi], x[lo:hi])
			for r := 1; r < rows; r++ {
				row := x[r*cols : (r+1)*cols]
				for c := lo; c < hi; c++ {
					dst[c] = min(dst[c], row[c])
				}
			}
		},
		walk: func(x []T, at int, l *layout) T {
			m := none
			p := l.seek(0)
			for r := 0; r < l.rows; r++ {
				for i, left := at+p.at[0], l.cols; left > 0; left-- {
					m = min(m, x[i])
					i += l.step[0]
				}
				l.next(&p)
			}
			return m
		},
	}
}
