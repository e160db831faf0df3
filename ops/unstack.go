package ops

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// Unstack takes x apart along an axis (negative ones count from the last): one
// tensor for each of its elements. The size of that axis must be known.
//
//	x [a, n, b], axis 1 -> n tensors [a, b]
//
// Any dtype. The gradient is the parts' gradients joined; Index takes one part.
//
// TF: tf.unstack. PyTorch: torch.unbind. Dtypes: any. Gradient: yes.
func Unstack(s *graph.Scope, x *gorgonia.Node, axis int) gorgonia.Nodes {
	const name = "Unstack"
	if x == nil {
		return gorgonia.Nodes{s.Failf(name, nil, "x is nil")}
	}
	sp := graph.SpecOf(x)
	a, err := axisOf(axis, sp.Rank())
	if err != nil {
		return gorgonia.Nodes{s.Fail(name, gorgonia.Nodes{x}, sp, err)}
	}
	if sp.Shape[a] < 0 {
		return gorgonia.Nodes{s.Failf(name, gorgonia.Nodes{x}, "x is %v; the size of axis %d, the number of parts, must be known", sp, a)}
	}
	out := make(gorgonia.Nodes, sp.Shape[a])
	for k := range out {
		out[k] = pick(s, name, x, k, a)
	}
	return out
}
