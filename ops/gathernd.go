package ops

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// GatherND takes the parts of x at tuples of indices into its first axes; the
// last axis of indices holds the tuples, of a known size k.
//
//	y[i..., b...] = x[indices[i..., 0], ..., indices[i..., k-1], b...]
//	x [n1, ..., nk, b...], indices [i..., k] -> [i..., b...]
//
// x has any dtype; the indices are int, int32 or int64. An index out of range
// is an error of the Run that names it and its position. The gradient of x is
// grad added up at the indices (see ScatterND), in a fixed order.
//
// TF: tf.gather_nd. PyTorch: none. Dtypes: any. Gradient: yes.
func GatherND(s *graph.Scope, x, indices *gorgonia.Node) *gorgonia.Node {
	a := address{nd: true}
	return take(s, a.name(), x, indices, a)
}
