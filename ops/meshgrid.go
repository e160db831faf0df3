package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// MeshGrid repeats vectors over the grid that they span: one tensor for each of
// them, of the vectors' sizes. indexing is "ij", where tensor k runs along axis
// k, or "xy", where the first two axes change places (the first vector runs along
// the rows of a picture).
//
//	y0[i, j] = x0[i], y1[i, j] = x1[j]	ij
//	[m], [n] -> two [m, n] (ij), [n, m] (xy)
//
// Any dtype, each its own; sizes may be unknown. The gradient is grad, summed
// over the other axes.
//
// TF: tf.meshgrid. PyTorch: torch.meshgrid. Dtypes: any. Gradient: yes.
func MeshGrid(s *graph.Scope, indexing string, xs ...*gorgonia.Node) gorgonia.Nodes {
	const name = "MeshGrid"
	switch {
	case len(xs) == 0:
		return gorgonia.Nodes{s.Failf(name, nil, "there are no vectors; want one or more")}
	case indexing != "ij" && indexing != "xy":
		return gorgonia.Nodes{s.Failf(name, xs, "indexing is %q; want \"ij\" or \"xy\"", indexing)}
	}
	out := make(gorgonia.Nodes, len(xs))
	for k := range xs {
		out[k] = grid(s, name, indexing, k, xs)
	}
	return out
}

// grid repeats vector k; the others give only their sizes.
func grid(s *graph.Scope, name, indexing string, k int, xs gorgonia.Nodes) *gorgonia.Node {
	inputs := gorgonia.Nodes{xs[k]}
	along := []int{k} // the axis that each input runs along
	def := graph.OpDef{Name: name, Attrs: map[string]interface{}{"indexing": indexing, "vector": k}}
	for i, x := range xs {
		if i != k {
			def.ShapeOnly = append(def.ShapeOnly, len(inputs))
			inputs, along = append(inputs, x), append(along, i)
		}
	}
	if indexing == "xy" && len(xs) > 1 {
		for i, a := range along {
			if a < 2 {
				along[i] = 1 - a
			}
		}
	}
	def.Infer = func(in []graph.Spec) (graph.Spec, error) {
		out := graph.Spec{Dtype: in[0].Dtype, Shape: make(tensor.Shape, len(in))}
		for i, x := range in {
			if x.Rank() != 1 {
				return out, errors.Errorf("one of the vectors is %v; want rank 1", x)
			}
			out.Shape[along[i]] = x.Shape[0]
		}
		return out, nil
	}
	def.Kernel = pullWith(func(b *graph.Binding) (*layout, error) {
		strides := make([]int, len(along))
		strides[along[0]] = 1
		return newLayout(b.Out.Shape, strides)
	})
	def.Gradient = func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
		grads := make(gorgonia.Nodes, len(in))
		grads[0] = grad
		if len(along) > 1 {
			grads[0] = Sum(s, grad, along[1:]...)
		}
		return grads
	}
	return graph.Apply(s, def, inputs...)
}
