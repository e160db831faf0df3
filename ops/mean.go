package ops

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// Mean averages the elements along the given axes, which disappear; negative
// axes count from the last, and none means all. The mean of no elements is NaN.
//
// float32 or float64, added as Sum does (cast integers first: their mean is
// seldom one). The gradient is grad divided by the number of elements, repeated
// along the axes.
//
// TF: tf.reduce_mean. PyTorch: torch.mean. Dtypes: float. Gradient: yes.
func Mean(s *graph.Scope, x *gorgonia.Node, axes ...int) *gorgonia.Node {
	return mean(s, x, axes, false)
}

// MeanKeep is Mean with the reduced axes kept, of size 1 (keep_dims), so that
// the result broadcasts against x.
//
// TF: tf.reduce_mean. PyTorch: torch.mean. Dtypes: float. Gradient: yes.
func MeanKeep(s *graph.Scope, x *gorgonia.Node, axes ...int) *gorgonia.Node {
	return mean(s, x, axes, true)
}

func mean(s *graph.Scope, x *gorgonia.Node, axes []int, keep bool) *gorgonia.Node {
	return reduction{
		name: "Mean", allowed: floats, axes: axes, keep: keep,
		kernels: func(reduced []bool) byDtype {
			return byDtype{f32: meanFloats[float32]().bind(reduced), f64: meanFloats[float64]().bind(reduced)}
		},
		grad: func(s *graph.Scope, x, y, grad *gorgonia.Node) *gorgonia.Node {
			return spread(s, grad, x, axes, keep, true)
		},
	}.apply(s, x)
}

func meanFloats[T float]() reducer[T] {
	f := sumFloats[T]()
	f.finish = func(y []T, count int) {
		n := T(count)
		for i := range y {
			y[i] /= n
		}
	}
	return f
}
