package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// Diag puts the last axis of x on the diagonal of square matrices that are zero
// elsewhere.
//
//	y[..., i, i] = x[..., i]
//	[..., n] -> [..., n, n]
//
// Any dtype; sizes may be unknown. The gradient is the diagonal of grad.
//
// TF: tf.matrix_diag. PyTorch: torch.diag_embed. Dtypes: any. Gradient: yes.
func Diag(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	plan := func(b *graph.Binding) (*layout, error) { return diagonal(b.Out.Shape) }
	return graph.Apply(s, graph.OpDef{
		Name: "MatrixDiag",
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			x := in[0]
			if x.Rank() == 0 {
				return x, errors.Errorf("x is the scalar %v; want [..., n]", x)
			}
			return graph.Spec{Dtype: x.Dtype, Shape: joinShapes(x.Shape, x.Shape[x.Rank()-1:])}, nil
		},
		Kernel: bySize{pushAs[uint8](plan), pushAs[uint32](plan), pushAs[uint64](plan)}.first,
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return only(DiagPart(s, grad))
		},
	}, x)
}

// DiagPart is the diagonal of each matrix in the last two axes of x.
//
//	y[..., i] = x[..., i, i]
//	[..., m, n] -> [..., min(m, n)]
//
// Any dtype; sizes may be unknown. The gradient is grad on the diagonal of
// zeros.
//
// TF: tf.matrix_diag_part. PyTorch: torch.diagonal. Dtypes: any. Gradient: yes.
func DiagPart(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return diagPart(s, x, false) }

// diagPart is DiagPart, of square matrices only when wanted.
func diagPart(s *graph.Scope, x *gorgonia.Node, square bool) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name: "MatrixDiagPart",
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			x := in[0]
			last := x.Rank() - 1
			if last < 1 {
				return x, errors.Errorf("x is %v; want [..., m, n]", x)
			}
			m, n := x.Shape[last-1], x.Shape[last]
			if square && m >= 0 && n >= 0 && m != n {
				return x, errors.Errorf("x is %v; its last two axes, of which the diagonal is taken, must be equal", x)
			}
			// Of an unknown and a known size the smaller one is unknown.
			return graph.Spec{Dtype: x.Dtype, Shape: joinShapes(x.Shape[:last-1], tensor.Shape{min(m, n)})}, nil
		},
		Kernel: pullWith(func(b *graph.Binding) (*layout, error) { return diagonal(b.In[0].Shape) }),
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return only(ontoDiagonal(s, grad, in[0]))
		},
	}, x)
}

// ontoDiagonal puts x on the diagonals of zeros of the shape of like, of which
// nothing else is used.
func ontoDiagonal(s *graph.Scope, x, like *gorgonia.Node) *gorgonia.Node {
	plan := func(b *graph.Binding) (*layout, error) { return diagonal(b.Out.Shape) }
	return graph.Apply(s, graph.OpDef{
		Name: "MatrixDiagPartGrad",
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			return graph.Spec{Dtype: in[0].Dtype, Shape: in[1].Shape}, nil
		},
		ShapeOnly: []int{1},
		Kernel:    bySize{pushAs[uint8](plan), pushAs[uint32](plan), pushAs[uint64](plan)}.first,
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return gorgonia.Nodes{DiagPart(s, grad), nil}
		},
	}, x, like)
}

// diagonal walks the diagonals of matrices [..., m, n].
func diagonal(shape tensor.Shape) (*layout, error) {
	last := len(shape) - 1
	own := rowMajor(shape)
	return newLayout(
		joinShapes(shape[:last-1], tensor.Shape{min(shape[last-1], shape[last])}),
		append(own[:last-1:last-1], shape[last]+1))
}
