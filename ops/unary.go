package ops

import (
	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/graph"
)

// inferUnary is the shape rule of an elementwise op of one operand of a dtype
// that allowed accepts.
func inferUnary(allowed dtypes) func(in []graph.Spec) (graph.Spec, error) {
	return func(in []graph.Spec) (graph.Spec, error) {
		if len(in) != 1 {
			return graph.Spec{}, errors.Errorf("takes one input, but %d came", len(in))
		}
		return in[0], allowed.check(in[0])
	}
}

// single binds a loop over one operand, as graph.Elementwise does for floats; out may
// be x.
func single[T any](f func(out, x []T)) binder {
	loop := func(c *graph.Call, lo, hi int) {
		f(elements[T](c.Out)[lo:hi], elements[T](c.In[0])[lo:hi])
	}
	return func(b *graph.Binding) (graph.Kernel, error) { return b.Pointwise(loop), nil }
}
