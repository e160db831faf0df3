package ops

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// All tells whether every element along the given axes is true; the axes
// disappear, negative ones count from the last, and none means all. Of no
// elements it is true. bool -> bool.
// TF: tf.reduce_all. PyTorch: torch.all. Dtypes: bool. Gradient: no.
func All(s *graph.Scope, x *gorgonia.Node, axes ...int) *gorgonia.Node {
	return allTrue(s, x, axes, false)
}

// AllKeep is All with the reduced axes kept, of size 1 (keep_dims), so that the
// result broadcasts against x.
// TF: tf.reduce_all. PyTorch: torch.all. Dtypes: bool. Gradient: no.
func AllKeep(s *graph.Scope, x *gorgonia.Node, axes ...int) *gorgonia.Node {
	return allTrue(s, x, axes, true)
}

func allTrue(s *graph.Scope, x *gorgonia.Node, axes []int, keep bool) *gorgonia.Node {
	return reduction{
		name: "All", allowed: bools, axes: axes, keep: keep,
		kernels: func(reduced []bool) byDtype { return byDtype{bool: untilFound(false).bind(reduced)} },
	}.apply(s, x)
}
