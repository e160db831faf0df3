package training

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// GlobalStep returns the variable that counts training steps, making it at the
// first call: the int64 scalar "global_step", not trainable, which starts at 0
// and is in the collection graph.GlobalStep. Give it to an optimizer's config,
// which increments it, and to schedules, which read it.
// tf.train.get_or_create_global_step.
func GlobalStep(s *graph.Scope) *gorgonia.Node {
	g := s.Graph()
	if have := g.Collection(graph.GlobalStep); len(have) > 0 {
		return have[0]
	}
	return graph.Variable(g.Scope(), "global_step", tensor.Shape{}, graph.VariableConfig{
		Dtype:        tensor.Int64,
		Initializer:  filled(0),
		NotTrainable: true,
		Collections:  []string{graph.GlobalStep},
	})
}

// checkGlobalStep reports a node that cannot count steps.
func checkGlobalStep(g *graph.Graph, step *gorgonia.Node) error {
	if step == nil || graph.IsBad(step) {
		return nil
	}
	if step.Graph() != g.Expr() || !g.IsVariable(step) {
		return errors.Errorf("GlobalStep %s is not a variable of this graph; training.GlobalStep(s) makes one", step.Name())
	}
	if sp := graph.SpecOf(step); !sp.IsInt() || sp.Rank() != 0 {
		return errors.Errorf("GlobalStep %s is %v; want a scalar of int, int32 or int64", g.NameOf(step), sp)
	}
	return nil
}

// stepCount reads a global step.
func stepCount(a *graph.Array) float64 {
	switch a.Dtype() {
	case tensor.Int32:
		return float64(a.Int32s()[0])
	case tensor.Int:
		return float64(a.Ints()[0])
	}
	return float64(a.Int64s()[0])
}
