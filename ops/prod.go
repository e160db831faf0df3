package ops

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// Prod multiplies the elements along the given axes, which disappear; negative
// axes count from the last, and none means all. The product of no elements is 1.
//
// Any numeric dtype; a float32 product is taken in float64 where its elements
// are neighbours, and integers wrap around as Go's do. The gradient of an
// element is grad times the product of the others, exact where elements are 0.
// TF: tf.reduce_prod. PyTorch: torch.prod. Dtypes: number. Gradient: yes.
func Prod(s *graph.Scope, x *gorgonia.Node, axes ...int) *gorgonia.Node {
	return product(s, x, axes, false)
}

// ProdKeep is Prod with the reduced axes kept, of size 1 (keep_dims), so that
// the result broadcasts against x.
// TF: tf.reduce_prod. PyTorch: torch.prod. Dtypes: number. Gradient: yes.
func ProdKeep(s *graph.Scope, x *gorgonia.Node, axes ...int) *gorgonia.Node {
	return product(s, x, axes, true)
}

func product(s *graph.Scope, x *gorgonia.Node, axes []int, keep bool) *gorgonia.Node {
	return reduction{
		name: "Prod", allowed: numbers, axes: axes, keep: keep,
		kernels: func(reduced []bool) byDtype {
			return byDtype{
				f32: productOf[float32, float64]().bind(reduced), f64: productOf[float64, float64]().bind(reduced),
				i: productOf[int, int]().bind(reduced), i32: productOf[int32, int32]().bind(reduced), i64: productOf[int64, int64]().bind(reduced),
				u8: productOf[uint8, uint8]().bind(reduced),
			}
		},
		grad: func(s *graph.Scope, x, y, grad *gorgonia.Node) *gorgonia.Node {
			reduced, _ := reducedAxes(axes, len(graph.SpecOf(x).Shape))
			// One axis after the other: stages[k] has the first k of them reduced.
			stages := gorgonia.Nodes{x}
			var along []int
			for a, r := range reduced {
				if r {
					along = append(along, a)
					stages = append(stages, ProdKeep(s, stages[len(stages)-1], a))
				}
			}
			if len(along) == 0 {
				return grad
			}
			last := len(along)
			grad = spread(s, grad, stages[last], axes, keep, false)
			for k := last - 1; k >= 0; k-- {
				grad = Mul(s, grad, productOfOthers(s, stages[k], along[k]))
			}
			return grad
		},
	}.apply(s, x)
}

// productOfOthers is, for each element, the product of all the others along an
// axis. It divides by none, as one may be 0.
func productOfOthers(s *graph.Scope, x *gorgonia.Node, axis int) *gorgonia.Node {
	before := Cumprod(s, x, axis, CumulativeConfig{Exclusive: true})
	after := Cumprod(s, x, axis, CumulativeConfig{Exclusive: true, Reverse: true})
	return Mul(s, before, after)
}

// productOf multiplies elements of T in the type A.
func productOf[T, A number]() reducer[T] {
	return reducer[T]{
		run: func(x []T) T {
			p := A(1)
			for _, v := range x {
				p *= A(v)
			}
			return T(p)
		},
		columns: func(dst, x []T, rows, cols, lo, hi int) {
			copy(dst[lo:hi], x[lo:hi])
			for r := 1; r < rows; r++ {
				row := x[r*cols : (r+1)*cols]
				for c := lo; c < hi; c++ {
					dst[c] *= row[c]
				}
			}
		},
		walk: func(x []T, at int, l *layout) T {
			prod := A(1)
			p := l.seek(0)
			for r := 0; r < l.rows; r++ {
				for i, left := at+p.at[0], l.cols; left > 0; left-- {
					prod *= A(x[i])
					i += l.step[0]
				}
				l.next(&p)
			}
			return T(prod)
		},
	}
}
