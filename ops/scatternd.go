package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// ScatterND makes a tensor of the given sizes that is zero but for updates at
// tuples of indices into its first axes; the last axis of indices holds the
// tuples, of a known size k. Updates for one place add up, in their order.
//
//	for all i: y[indices[i..., 0], ..., indices[i..., k-1], b...] += updates[i..., b...]
//	indices [i..., k], updates [i..., b...] -> [n1, ..., nk, b...]
//
// Any numeric dtype (integers wrap around); the indices are int, int32 or int64. An
// index out of range is an error of the Run. The gradient of the updates is grad
// at the indices (GatherND).
//
// TF: tf.scatter_nd. PyTorch: none. Dtypes: number. Gradient: yes.
func ScatterND(s *graph.Scope, indices, updates *gorgonia.Node, sizes ...int) *gorgonia.Node {
	shape := fixedShape(sizes)
	a := address{nd: true}
	return graph.Apply(s, graph.OpDef{
		Name:  "ScatterNd",
		Attrs: map[string]interface{}{"shape": append(tensor.Shape{}, sizes...)},
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			if len(in) != 2 {
				return graph.Spec{}, errors.Errorf("takes two inputs, but %d came", len(in))
			}
			out := graph.Spec{Dtype: in[0].Dtype}
			var err error
			if out.Shape, err = shape(in); err != nil {
				return out, err
			}
			return out, a.check(in[0], out, in[1])
		},
		Kernel: adding{base: -1, indices: 1, rows: 0}.of(a),
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return gorgonia.Nodes{take(s, a.name(), grad, in[1], a), nil}
		},
	}, updates, indices)
}

// ScatterNDAdd adds updates to base at tuples of indices into its first axes;
// base itself is not changed. Otherwise it is as ScatterND.
//
//	y = base; for all i: y[indices[i..., 0], ..., indices[i..., k-1], b...] += updates[i..., b...]
//	base [n1, ..., nk, b...], indices [i..., k], updates [i..., b...] -> [n1, ..., nk, b...]
//
// Any numeric dtype. The gradients are grad for base, and grad at the indices
// (GatherND) for the updates.
//
// TF: tf.tensor_scatter_nd_add. PyTorch: Tensor.index_put_ (accumulate). Dtypes: number. Gradient: yes.
func ScatterNDAdd(s *graph.Scope, base, indices, updates *gorgonia.Node) *gorgonia.Node {
	return put(s, "TensorScatterAdd", base, indices, updates, address{nd: true})
}

// ScatterNDUpdate puts updates into base at tuples of indices into its first axes;
// base itself is not changed. Of several updates for one place the last one stays.
//
//	y = base; for all i: y[indices[i..., 0], ..., indices[i..., k-1], b...] = updates[i..., b...]
//	base [n1, ..., nk, b...], indices [i..., k], updates [i..., b...] -> [n1, ..., nk, b...]
//
// Any dtype, one for base and updates; otherwise as ScatterND. The gradients are grad with zeros at
// the indices for base, and grad at the indices (GatherND) for the updates: several
// updates for one place get the same.
//
// TF: tf.tensor_scatter_nd_update. PyTorch: Tensor.index_put_. Dtypes: any. Gradient: yes.
func ScatterNDUpdate(s *graph.Scope, base, indices, updates *gorgonia.Node) *gorgonia.Node {
	return replace(s, "TensorScatterUpdate", base, indices, updates, address{nd: true})
}
