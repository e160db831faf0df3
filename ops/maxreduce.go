package ops

import (
	"math"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// Max is the greatest element along the given axes, which disappear; negative
// axes count from the last, and none means all. It is NaN if any element is,
// and -Inf (the least integer) of no elements.
//
// Any numeric dtype. The gradient is divided equally among the elements that are
// the maximum, as in TensorFlow; it is NaN where the maximum is.
//
// TF: tf.reduce_max. PyTorch: torch.amax. Dtypes: number. Gradient: yes.
func Max(s *graph.Scope, x *gorgonia.Node, axes ...int) *gorgonia.Node {
	return maximum(s, x, axes, false)
}

// MaxKeep is Max with the reduced axes kept, of size 1 (keep_dims), so that
// the result broadcasts against x.
//
// TF: tf.reduce_max. PyTorch: torch.amax. Dtypes: number. Gradient: yes.
func MaxKeep(s *graph.Scope, x *gorgonia.Node, axes ...int) *gorgonia.Node {
	return maximum(s, x, axes, true)
}

func maximum(s *graph.Scope, x *gorgonia.Node, axes []int, keep bool) *gorgonia.Node {
	return reduction{
		name: "Max", allowed: numbers, axes: axes, keep: keep,
		kernels: func(reduced []bool) byDtype {
			return byDtype{
				f32: maxOfFloats[float32]().bind(reduced),
				f64: maxOfFloats[float64]().bind(reduced),
				i:   maxOf(math.MinInt).bind(reduced),
				i32: maxOf(int32(math.MinInt32)).bind(reduced),
				i64: maxOf(int64(math.MinInt64)).bind(reduced),
				u8:  maxOf(uint8(0)).bind(reduced),
			}
		},
		grad: extremumGrad(axes, keep),
	}.apply(s, x)
}

func maxOfFloats[T float]() reducer[T] {
	f := maxOf(T(math.Inf(-1)))
	f.run = kernel.Max[T]
	return f
}

func maxOf[T number](none T) reducer[T] {
	return reducer[T]{
		run: func(x []T) T {
			// Four lanes, because each step waits for the one before it.
			m0, m1, m2, m3 := none, none, none, none
			for ; len(x) >= 4; x = x[4:] {
				m0, m1, m2, m3 = max(m0, x[0]), max(m1, x[1]), max(m2, x[2]), max(m3, x[3])
			}
			for _, v := range x {
				m0 = max(m0, v)
			}
			return max(m0, m1, m2, m3)
		},
		columns: func(dst, x []T, rows, cols, lo, hi int) {
			copy(dst[lo:hi], x[lo:hi])
			for r := 1; r < rows; r++ {
				row := x[r*cols : (r+1)*cols]
				for c := lo; c < hi; c++ {
					dst[c] = max(dst[c], row[c])
				}
			}
		},
		walk: func(x []T, at int, l *layout) T {
			m := none
			p := l.seek(0)
			for r := 0; r < l.rows; r++ {
				for i, left := at+p.at[0], l.cols; left > 0; left-- {
					m = max(m, x[i])
					i += l.step[0]
				}
				l.next(&p)
			}
			return m
		},
	}
}

// extremumGrad divides grad equally among the elements of x that equal y, the
// maximum or minimum, as TensorFlow does.
func extremumGrad(axes []int, keep bool) func(s *graph.Scope, x, y, grad *gorgonia.Node) *gorgonia.Node {
	return func(s *graph.Scope, x, y, grad *gorgonia.Node) *gorgonia.Node {
		chosen := Cast(s, Equal(s, x, spread(s, y, x, axes, keep, false)), x.Dtype())
		share := Div(s, grad, sum(s, chosen, axes, keep))
		return Mul(s, chosen, spread(s, share, x, axes, keep, false))
	}
}
