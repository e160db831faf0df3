package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// Outer is the matrix of all products of the elements of two vectors:
//
//	y[i, j] = a[i] * b[j]
//	[m], [n] -> [m, n]
//
// Any numeric dtype (integers wrap around); sizes may be unknown. It is Mul of a column
// and a row, and so are its gradients.
//
// TF: tf.tensordot. PyTorch: torch.outer. Dtypes: number. Gradient: yes.
func Outer(s *graph.Scope, a, b *gorgonia.Node) *gorgonia.Node {
	if a != nil && b != nil {
		if x, y := graph.SpecOf(a), graph.SpecOf(b); x.Rank() != 1 || y.Rank() != 1 {
			intended := graph.Spec{Dtype: x.Dtype, Shape: tensor.Shape{graph.Unknown, graph.Unknown}}
			return s.Fail("Outer", gorgonia.Nodes{a, b}, intended, errors.Errorf("the operands are %v and %v; want two vectors", x, y))
		}
	}
	return s.Compose(func(s *graph.Scope) *gorgonia.Node {
		s = s.NameScope("Outer")
		return Mul(s, ExpandDims(s, a, 1), ExpandDims(s, b, 0))
	})
}
