package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// foldRows views x [..., n] as the matrix [rows, n]; any axis may be unknown.
func foldRows(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name: "FoldRows",
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			x := in[0]
			if x.Rank() < 1 {
				return x, errors.Errorf("the input is %v; want [..., n]", x)
			}
			last := x.Rank() - 1
			return graph.Spec{Dtype: x.Dtype, Shape: tensor.Shape{sizeOrUnknown(x.Shape[:last]), x.Shape[last]}}, nil
		},
		Kernel: copyFirst,
		Alias:  graph.AliasFirst,
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return only(ReshapeLike(s, grad, in[0]))
		},
	}, x)
}

// unfoldRows gives the matrix y [rows, n] the leading axes of like [..., m].
// Only the shape of like is used.
func unfoldRows(s *graph.Scope, y, like *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name: "UnfoldRows",
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			y, like := in[0], in[1]
			if y.Rank() != 2 || like.Rank() < 1 {
				return y, errors.Errorf("the inputs are %v and %v; want a matrix and [..., m]", y, like)
			}
			shape := append(like.Shape[:like.Rank()-1].Clone(), y.Shape[1])
			if rows := sizeOrUnknown(shape[:len(shape)-1]); rows >= 0 && y.Shape[0] >= 0 && rows != y.Shape[0] {
				return y, errors.Errorf("the inputs are %v and %v; the numbers of rows differ", y, like)
			}
			return graph.Spec{Dtype: y.Dtype, Shape: shape}, nil
		},
		ShapeOnly: []int{1},
		Kernel:    copyFirst,
		Alias:     graph.AliasFirst,
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return gorgonia.Nodes{ReshapeLike(s, grad, in[0]), nil}
		},
	}, y, like)
}

// sizeOrUnknown returns the product of sizes, or -1 when one is unknown.
func sizeOrUnknown(shape tensor.Shape) int {
	n, known := 1, true
	for _, d := range shape {
		if d == 0 {
			return 0
		}
		known = known && d > 0
		n *= d
	}
	if !known {
		return graph.Unknown
	}
	return n
}
