package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// ScatterAdd adds updates to base at indices along an axis (negative ones count
// from the last); base itself is not changed. Updates for one index add up, in
// their order.
//
//	y = base; for all i: y[a..., indices[i...], b...] += updates[a..., i..., b...]
//	base [a..., n, b...], indices [i...], updates [a..., i..., b...] -> [a..., n, b...]
//
// Any numeric dtype (integers wrap around); the indices are int, int32 or int64. An
// index that is not 0 to n-1 is an error of the Run. The gradients are grad for
// base, and grad at the indices (Gather) for the updates.
//
// TF: tf.tensor_scatter_nd_add. PyTorch: torch.index_add. Dtypes: number. Gradient: yes.
func ScatterAdd(s *graph.Scope, base, indices, updates *gorgonia.Node, axis int) *gorgonia.Node {
	return put(s, "ScatterAdd", base, indices, updates, address{axis: axis})
}

// put adds rows to base at an address.
func put(s *graph.Scope, name string, base, indices, updates *gorgonia.Node, a address) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:    name,
		Attrs:   a.attrs(),
		Infer:   a.inferPut,
		Kernel:  adding{base: 0, indices: 1, rows: 2}.of(a),
		InPlace: []int{0},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return gorgonia.Nodes{grad, nil, take(s, a.name(), grad, in[1], a)}
		},
	}, base, indices, updates)
}

// inferPut is the shape rule of a base, indices and updates.
func (a address) inferPut(in []graph.Spec) (graph.Spec, error) {
	if len(in) != 3 {
		return graph.Spec{}, errors.Errorf("takes three inputs, but %d came", len(in))
	}
	if in[0].Dtype != in[2].Dtype {
		return in[0], errors.Errorf("the updates are %v, to be added to %v; want one dtype (ops.Cast converts)", in[2], in[0])
	}
	return in[0], a.check(in[2], in[0], in[1])
}

// AssignScatterAdd adds updates to the rows of a variable at indices, in one
// step, as ScatterAdd on axis 0 does; the result is the new value. Updates for
// one index add up, unordered additions all count, and an index out of range is
// an error of the Run that leaves the variable as it was.
//
//	for all i: v[indices[i...], b...] += updates[i..., b...]
//	v [n, b...], indices [i...], updates [i..., b...] -> [n, b...]
//
// Any numeric dtype (integers wrap around). The cost is that of the updates, not of the
// variable.
//
// TF: tf.scatter_add. PyTorch: Tensor.index_add_. Dtypes: number. Gradient: no.
func AssignScatterAdd(s *graph.Scope, v, indices, updates *gorgonia.Node) *gorgonia.Node {
	var a address
	return graph.Apply(s, graph.OpDef{
		Name:              "AssignScatterAdd",
		Infer:             a.inferPut,
		Updates:           []int{0},
		Kernel:            adding{base: 0, indices: 1, rows: 2}.of(a),
		NotDifferentiable: true,
	}, v, indices, updates)
}
