package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// ScatterAlong puts updates into base: each at its index along an axis (negative
// ones count from the last) and at its own place along the others; base itself is
// not changed. Of several updates for one place the last one stays.
//
//	y = base; for all a, i, b: y[a..., indices[a..., i, b...], b...] = updates[a..., i, b...]
//	base [a..., n, b...], indices and updates [a'..., m, b'...] -> [a..., n, b...]
//
// Any dtype, one for base and updates; the indices are int, int32 or int64, and
// along the other axes no larger than base. An index that is not 0 to n-1 is an error of the
// Run. The gradients are grad with zeros at the indices for base, and grad at the
// indices (GatherAlong) for the updates, as PyTorch has them: several updates for
// one place get the same.
//
// TF: none. PyTorch: torch.scatter. Dtypes: any. Gradient: yes.
func ScatterAlong(s *graph.Scope, base, indices, updates *gorgonia.Node, axis int) *gorgonia.Node {
	return replace(s, "ScatterAlong", base, indices, updates, address{axis: axis, along: true})
}

// ScatterAlongAdd adds updates to base, where ScatterAlong puts them. Updates for
// one place add up, in their order.
//
// Any numeric dtype (integers wrap around). The gradients are grad for base, and
// grad at the indices (GatherAlong) for the updates.
//
// TF: none. PyTorch: torch.scatter_add. Dtypes: number. Gradient: yes.
func ScatterAlongAdd(s *graph.Scope, base, indices, updates *gorgonia.Node, axis int) *gorgonia.Node {
	return put(s, "ScatterAlongAdd", base, indices, updates, address{axis: axis, along: true})
}

// replace puts rows into base at an address.
func replace(s *graph.Scope, name string, base, indices, updates *gorgonia.Node, a address) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  name,
		Attrs: a.attrs(),
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			if len(in) != 3 {
				return graph.Spec{}, errors.Errorf("takes three inputs, but %d came", len(in))
			}
			if in[0].Dtype != in[2].Dtype {
				return in[0], errors.Errorf("the updates are %v, to be put into %v; want one dtype (ops.Cast converts)", in[2], in[0])
			}
			return in[0], a.fits(in[2], in[0], in[1])
		},
		Kernel:  bySize{replaceRows[uint8](a), replaceRows[uint32](a), replaceRows[uint64](a)}.first,
		InPlace: []int{0},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			rest := replace(s, name, grad, in[1], graph.ZerosLike(s, in[2]), a)
			return gorgonia.Nodes{rest, nil, take(s, a.name(), grad, in[1], a)}
		},
	}, base, indices, updates)
}

// replaceRows copies input 0, then input 2 to the rows that input 1 names. That
// is not divided among goroutines, since the last of equal indices counts.
func replaceRows[T any](a address) binder {
	return func(b *graph.Binding) (graph.Kernel, error) {
		p, err := a.plan(b, b.Out.Shape, 1)
		if err != nil {
			return nil, err
		}
		return func(c *graph.Call) error {
			if err := p.locate(c); err != nil {
				return err
			}
			out, rows, at := elements[T](c.Out), elements[T](c.In[2]), elements[int](c.Scratch[p.positions])
			if c.Out.Pointer() != c.In[0].Pointer() {
				copy(out, elements[T](c.In[0]))
			}
			for block := range p.outer {
				for j, i := range at {
					from := (block*p.n + j) * p.inner
					copy(out[block*p.stride+i:][:p.inner], rows[from:from+p.inner])
				}
			}
			return nil
		}, nil
	}
}
