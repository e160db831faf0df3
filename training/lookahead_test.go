package training_test

import (
	"reflect"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training"
)

// The weights that come back from the slow ones are constrained as well: the
// slow weights, set to 10 here, lie beyond the limit of 2.
func TestLookaheadConstraint(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	w := graph.Variable(s, "w", tensor.Shape{2}, graph.VariableConfig{Initializer: constantly(0), Constraint: limit})
	sgd := training.GradientDescent(training.GradientDescentConfig{LearningRate: 1})
	opt := training.Lookahead(sgd, training.LookaheadConfig{Period: 2})
	step := opt.ApplyGradients(s, []training.GradVar{{Grad: graph.Const(s, []float64{-1, 1}), Var: w}})
	sess := open(t, g)
	set(t, sess, opt.Slot(w, "Lookahead"), []float32{10, 0})
	for k, want := range [][]float32{{1, -1}, {2, -1}} { // (10+2)/2 is limited; (0-2)/2
		run(t, sess, nil, step)
		if got := value(t, sess, w).Data().([]float32); !reflect.DeepEqual(got, want) {
			t.Errorf("step %d: w is %v; want %v", k, got, want)
		}
	}
	if got := value(t, sess, opt.Slot(w, "Lookahead")).Data().([]float32); !reflect.DeepEqual(got, []float32{6, -1}) {
		t.Errorf("the slow weights are %v; want [6 -1]", got)
	}
}
