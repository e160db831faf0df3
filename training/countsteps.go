package training

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// countSteps makes update an optimizer's rule that needs the number of steps
// made so far, an int64 scalar.
func (o *optimizer) countSteps(update func(s *graph.Scope, gv GradVar, steps *gorgonia.Node) *gorgonia.Node) {
	var steps *gorgonia.Node
	o.prepare = func(s *graph.Scope, _ []GradVar) { steps = o.counter(s.Graph(), o.name+"/step") }
	o.update = func(s *graph.Scope, gv GradVar) *gorgonia.Node { return update(s, gv, steps) }
	o.finish = func(s *graph.Scope) *gorgonia.Node {
		return graph.AssignAdd(s, steps, graph.ConstOf(s, steps.Dtype(), 1))
	}
}
