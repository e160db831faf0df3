package ops

import (
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// inTraining is noisy(x) where training, a scalar bool, holds, and x elsewhere
// and when training is nil. noisy builds in a scope that runs in training only,
// so that nothing is drawn otherwise; nil says that there is no noise. x must be
// float32 or float64.
func inTraining(s *graph.Scope, name string, x, training *gorgonia.Node, noisy func(s *graph.Scope) *gorgonia.Node) *gorgonia.Node {
	if x == nil {
		return s.Failf(name, nil, "x is nil")
	}
	if sp := graph.SpecOf(x); !graph.IsBad(x) && !sp.IsFloat() {
		return s.Failf(name, gorgonia.Nodes{x}, "x is %v; want float32 or float64 (ops.Cast converts)", sp)
	}
	if training != nil && !graph.IsBad(training) {
		if t := graph.SpecOf(training); t.Dtype != tensor.Bool || t.Rank() != 0 {
			return s.Failf(name, gorgonia.Nodes{x, training}, "training is %v; want a scalar bool, or nil for never", t)
		}
	}
	if training == nil || noisy == nil {
		return graph.Identity(s, x)
	}
	return s.Compose(func(s *graph.Scope) *gorgonia.Node {
		return graph.Merge(s, training, noisy(s.Branch(training, true)), x)
	})
}
