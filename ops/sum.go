package ops

import (
	"math"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// Sum adds the elements along the given axes, which disappear; negative axes
// count from the last, and none means all. No elements add up to 0.
//
// Any numeric dtype; floats are added pairwise, so that the error grows with the
// logarithm of their number. The gradient is grad, repeated along the axes.
//
// TF: tf.reduce_sum. PyTorch: torch.sum. Dtypes: number. Gradient: yes.
func Sum(s *graph.Scope, x *gorgonia.Node, axes ...int) *gorgonia.Node {
	return sum(s, x, axes, false)
}

// SumKeep is Sum with the reduced axes kept, of size 1 (keep_dims), so that
// the result broadcasts against x.
//
// TF: tf.reduce_sum. PyTorch: torch.sum. Dtypes: number. Gradient: yes.
func SumKeep(s *graph.Scope, x *gorgonia.Node, axes ...int) *gorgonia.Node {
	return sum(s, x, axes, true)
}

func sum(s *graph.Scope, x *gorgonia.Node, axes []int, keep bool) *gorgonia.Node {
	return reduction{
		name: "Sum", allowed: numbers, axes: axes, keep: keep, kernels: sums,
		grad: func(s *graph.Scope, x, y, grad *gorgonia.Node) *gorgonia.Node {
			return spread(s, grad, x, axes, keep, false)
		},
	}.apply(s, x)
}

func sums(reduced []bool) byDtype {
	return byDtype{
		f32: sumFloats[float32]().bind(reduced), f64: sumFloats[float64]().bind(reduced),
		i: sumInts[int]().bind(reduced), i32: sumInts[int32]().bind(reduced), i64: sumInts[int64]().bind(reduced),
		u8: sumInts[uint8]().bind(reduced),
	}
}

func sumFloats[T float]() reducer[T] {
	return reducer[T]{
		run:     kernel.Sum[T],
		columns: kernel.ColumnSums[T],
		walk: func(x []T, at int, l *layout) T {
			var total, lost float64
			p := l.seek(0)
			for r := 0; r < l.rows; r++ {
				i := at + p.at[0]
				if l.step[0] == 1 {
					total, lost = addTo(total, lost, float64(kernel.Sum(x[i:i+l.cols])))
				} else {
					for range l.cols {
						total, lost = addTo(total, lost, float64(x[i]))
						i += l.step[0]
					}
				}
				l.next(&p)
			}
			if lost == lost { // infinities leave NaN there
				total += lost
			}
			return T(total)
		},
	}
}

// addTo is a step of Neumaier's compensated sum.
func addTo(total, lost, v float64) (float64, float64) {
	t := total + v
	if math.Abs(total) >= math.Abs(v) {
		lost += (total - t) + v
	} else {
		lost += (v - t) + total
	}
	return t, lost
}

func sumInts[T integer]() reducer[T] {
	return reducer[T]{
		run: func(x []T) T {
			var t T
			for _, v := range x {
				t += v
			}
			return t
		},
		columns: func(dst, x []T, rows, cols, lo, hi int) {
			clear(dst[lo:hi])
			for r := 0; r < rows; r++ {
				for c := lo; c < hi; c++ {
					dst[c] += x[r*cols+c]
				}
			}
		},
		walk: func(x []T, at int, l *layout) T {
			var t T
			p := l.seek(0)
			for r := 0; r < l.rows; r++ {
				for i, left := at+p.at[0], l.cols; left > 0; left-- {
					t += x[i]
					i += l.step[0]
				}
				l.next(&p)
			}
			return t
		},
	}
}
