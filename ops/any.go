package ops

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// Any tells whether an element along the given axes is true; the axes disappear,
// negative ones count from the last, and none means all. Of no elements it is
// false. bool -> bool.
// TF: tf.reduce_any. PyTorch: torch.any. Dtypes: bool. Gradient: no.
func Any(s *graph.Scope, x *gorgonia.Node, axes ...int) *gorgonia.Node {
	return anyTrue(s, x, axes, false)
}

// AnyKeep is Any with the reduced axes kept, of size 1 (keep_dims), so that the
// result broadcasts against x.
// TF: tf.reduce_any. PyTorch: torch.any. Dtypes: bool. Gradient: no.
func AnyKeep(s *graph.Scope, x *gorgonia.Node, axes ...int) *gorgonia.Node {
	return anyTrue(s, x, axes, true)
}

func anyTrue(s *graph.Scope, x *gorgonia.Node, axes []int, keep bool) *gorgonia.Node {
	return reduction{
		name: "Any", allowed: bools, axes: axes, keep: keep,
		kernels: func(reduced []bool) byDtype { return byDtype{bool: untilFound(true).bind(reduced)} },
	}.apply(s, x)
}

// untilFound looks for an element that is found, and gives found where there is
// one, else its opposite: Any looks for true, All for false.
func untilFound(found bool) reducer[bool] {
	return reducer[bool]{
		run: func(x []bool) bool {
			for _, v := range x {
				if v == found {
					return found
				}
			}
			return !found
		},
		columns: func(dst, x []bool, rows, cols, lo, hi int) {
			copy(dst[lo:hi], x[lo:hi])
			for r := 1; r < rows; r++ {
				for c, v := range x[r*cols+lo : r*cols+hi] {
					if v == found {
						dst[lo+c] = found
					}
				}
			}
		},
		walk: func(x []bool, at int, l *layout) bool {
			p := l.seek(0)
			for r := 0; r < l.rows; r++ {
				for i, left := at+p.at[0], l.cols; left > 0; left-- {
					if x[i] == found {
						return found
					}
					i += l.step[0]
				}
				l.next(&p)
			}
			return !found
		},
	}
}
