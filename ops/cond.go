package ops

import (
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// Cond is then's result where pred, a scalar bool, holds in a Run, and els's
// otherwise. Only the branch that is taken runs, its effects included:
//
//	y := ops.Cond(s, training,
//		func(s *graph.Scope) *gorgonia.Node { return noisy(s, x) },
//		func(s *graph.Scope) *gorgonia.Node { return x })
//
// Each function must build its ops in the scope that it is given; what it takes
// from outside is computed in either case. The results have one dtype and rank,
// and equal sizes where these are known. Where one is an effect without a value,
// such as a graph.Group, so is the result. Gradients flow into the branch that
// was taken; variables used in the other one get zeros. Branches may be nested.
// tf.cond, torch.where for whole computations.
//
// TF: tf.cond. PyTorch: none. Dtypes: any. Gradient: yes.
func Cond(s *graph.Scope, pred *gorgonia.Node, then, els func(s *graph.Scope) *gorgonia.Node) *gorgonia.Node {
	const name = "Cond"
	switch {
	case pred == nil:
		return s.Failf(name, nil, "the predicate is nil; want a scalar bool")
	case then == nil || els == nil:
		return s.Failf(name, nil, "a branch is nil; want two functions, each of which returns a node")
	}
	if p := graph.SpecOf(pred); !graph.IsBad(pred) && (p.Dtype != tensor.Bool || p.Rank() != 0) {
		return s.Failf(name, gorgonia.Nodes{pred}, "the predicate is %v; want a scalar bool", p)
	}
	return s.Compose(func(s *graph.Scope) *gorgonia.Node {
		a, b := then(s.Branch(pred, true)), els(s.Branch(pred, false))
		if a == nil || b == nil {
			return s.Failf(name, nil, "a branch returned nil; want a node")
		}
		if noValue(s, a) || noValue(s, b) {
			return graph.Group(s, a, b)
		}
		return graph.Merge(s, pred, a, b)
	})
}

// noValue tells whether n is run for its effect only.
func noValue(s *graph.Scope, n *gorgonia.Node) bool {
	def, ok := s.Graph().OpOf(n)
	return ok && def.NoValue
}
