package training

import (
	"github.com/plexaura/plexaura/graph"
)

// Constrain gives a constraint to each trainable variable whose name a pattern matches, in
// place of the one that its layer gave it; nil takes that away. It is for layers
// that are built already:
//
//	training.Constrain(g, ops.MaxNorm(1), "hidden[123]/kernel")
//
// Optimizers apply it after each update. That no pattern is given, that one matches
// nothing, and that an optimizer's step updates the variable already, are
// errors.
func Constrain(g *graph.Graph, constraint graph.Constraint, patterns ...string) {
	if len(patterns) == 0 {
		g.Scope().Failf("Constrain", nil, `no pattern was given; ".*/kernel" takes the kernel of every layer%s`, namesOf(g, g.Trainable()))
		return
	}
	vars, err := g.Select(graph.TrainableVariables, patterns...)
	if err != nil {
		g.Scope().Fail("Constrain", nil, graph.Spec{Dtype: g.Dtype()}, err)
		return
	}
	for _, v := range vars {
		g.SetConstraint(v, constraint)
	}
}
