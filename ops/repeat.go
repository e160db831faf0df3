package ops

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// Repeat puts every element of an axis (negative ones count from the last) n
// times in a row: a a b b c c.
//
//	y[i] = x[i / n]
//	x [a, m, b], axis 1 -> [a, m*n, b]
//
// Any dtype; sizes may be unknown. The gradient adds grad up over the
// repetitions of each element.
//
// TF: tf.repeat. PyTorch: torch.repeat_interleave. Dtypes: any. Gradient: yes.
func Repeat(s *graph.Scope, x *gorgonia.Node, n, axis int) *gorgonia.Node {
	const name = "Repeat"
	if n < 0 {
		return s.Failf(name, gorgonia.Nodes{x}, "the number of repetitions is %d; want 0 or more", n)
	}
	if x == nil {
		return s.Failf(name, nil, "x is nil")
	}
	rank := graph.SpecOf(x).Rank()
	a, err := axisOf(axis, rank)
	if err != nil {
		return s.Fail(name, gorgonia.Nodes{x}, graph.SpecOf(x), err)
	}
	each := make([]int, a+1)
	for i := range each {
		each[i] = 1
	}
	each[a] = n
	return repeats{name: name, attrs: map[string]interface{}{"repeats": n, "axis": axis}, each: each}.apply(s, x)
}
