package ops

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// GatherAlong takes for each index the element of x that stands there along an
// axis (negative ones count from the last) and at the index's own place along the
// others: what ArgSort along an axis says, say.
//
//	y[a..., i, b...] = x[a..., indices[a..., i, b...], b...]
//	x [a..., n, b...], indices [a'..., m, b'...] -> [a'..., m, b'...]
//
// x has any dtype; the indices are int, int32 or int64, of the rank of x and along
// the other axes no larger. An index that is not 0 to n-1 is an error of the Run
// that names it and its position. The gradient of x is grad added up at the
// indices (see ScatterAlongAdd), in a fixed order.
//
// TF: none. PyTorch: torch.gather. Dtypes: any. Gradient: yes.
func GatherAlong(s *graph.Scope, x, indices *gorgonia.Node, axis int) *gorgonia.Node {
	a := address{axis: axis, along: true}
	return take(s, a.name(), x, indices, a)
}
