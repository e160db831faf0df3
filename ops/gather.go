package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// Gather takes the parts of x at indices along an axis (negative ones count
// from the last): with axis 0, the rows of a matrix.
//
//	y[a..., i..., b...] = x[a..., indices[i...], b...]
//	x [a..., n, b...], indices [i...] -> [a..., i..., b...]
//
// x has any dtype; the indices are int, int32 or int64, of any shape, and a
// scalar takes the axis away. An index that is not 0 to n-1 is an error of the
// Run that names it and its position. The gradient of x is grad added up at the
// indices (see ScatterAdd), in a fixed order.
//
// TF: tf.gather. PyTorch: torch.index_select. Dtypes: any. Gradient: yes.
func Gather(s *graph.Scope, x, indices *gorgonia.Node, axis int) *gorgonia.Node {
	return take(s, "Gather", x, indices, address{axis: axis})
}

// take reads the rows of x at an address.
func take(s *graph.Scope, name string, x, indices *gorgonia.Node, a address) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  name,
		Attrs: a.attrs(),
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			if len(in) != 2 {
				return graph.Spec{}, errors.Errorf("takes two inputs, but %d came", len(in))
			}
			shape, err := a.rows(in[0], in[1])
			return graph.Spec{Dtype: in[0].Dtype, Shape: shape}, err
		},
		Kernel: bySize{takeRows[uint8](a), takeRows[uint32](a), takeRows[uint64](a)}.first,
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return gorgonia.Nodes{putLike(s, name+"Grad", grad, in[1], in[0], a), nil}
		},
	}, x, indices)
}

// putLike adds rows at an address to zeros of the shape of like, of which
// nothing else is used. It is the gradient of take, and take is its gradient.
func putLike(s *graph.Scope, name string, rows, indices, like *gorgonia.Node, a address) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  name,
		Attrs: a.attrs(),
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			return graph.Spec{Dtype: in[0].Dtype, Shape: in[2].Shape}, a.check(in[0], in[2], in[1])
		},
		ShapeOnly: []int{2},
		Kernel:    adding{base: -1, indices: 1, rows: 0}.of(a),
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return gorgonia.Nodes{take(s, a.name(), grad, in[1], a), nil, nil}
		},
	}, rows, indices, like)
}
