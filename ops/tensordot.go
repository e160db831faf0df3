package ops

import (
	"fmt"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// TensorDot sums the products of a and b over pairs of axes, axis axesA[i] of a
// with axis axesB[i] of b (negative ones count from the last). The result has
// the other axes of a, then those of b; no axes give all products.
//
//	a [m, k], axes {1}; b [k, n], axes {0} -> [m, n]
//
// float32 or float64, both of one dtype; sizes may be unknown. It is a MatMul of
// both, reshaped and, where needed, transposed, and its gradients are too.
//
// TF: tf.tensordot. PyTorch: torch.tensordot. Dtypes: float. Gradient: yes.
func TensorDot(s *graph.Scope, a, b *gorgonia.Node, axesA, axesB []int) *gorgonia.Node {
	const name = "TensorDot"
	if a == nil || b == nil {
		return s.Failf(name, nil, "an operand is nil")
	}
	fail := func(err error) *gorgonia.Node {
		return s.Fail(name, gorgonia.Nodes{a, b}, graph.Spec{Dtype: graph.SpecOf(a).Dtype}, err)
	}
	if len(axesA) != len(axesB) {
		return fail(errors.Errorf("the axes are %v of a and %v of b; want pairs", axesA, axesB))
	}
	x, y := term{x: a}, term{x: b}
	for i := range graph.SpecOf(a).Shape {
		x.labels = append(x.labels, i)
	}
	for i := range graph.SpecOf(b).Shape {
		y.labels = append(y.labels, len(x.labels)+i)
	}
	paired := map[int]bool{}
	for i := range axesA {
		p, err := axisOf(axesA[i], len(x.labels))
		if err != nil {
			return fail(errors.Wrap(err, "of a"))
		}
		q, err := axisOf(axesB[i], len(y.labels))
		if err != nil {
			return fail(errors.Wrap(err, "of b"))
		}
		if paired[x.labels[p]] || y.labels[q] < len(x.labels) {
			return fail(errors.Errorf("the axes are %v of a and %v of b; one is named twice", axesA, axesB))
		}
		y.labels[q] = x.labels[p]
		paired[x.labels[p]] = true
	}
	var result []int
	for _, t := range []term{x, y} {
		for _, l := range t.labels {
			if !paired[l] {
				result = append(result, l)
			}
		}
	}
	if err := sameSizes([]term{x, y}, func(l int) string { return fmt.Sprintf("axis %d of a", l) }); err != nil {
		return fail(err)
	}
	return s.Compose(func(s *graph.Scope) *gorgonia.Node {
		s = s.NameScope(name)
		return contract(s, x, y, result, nil).transposed(s, result).x
	})
}
