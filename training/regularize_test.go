package training_test

import (
	"fmt"
	"math"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
)

// Each matching trainable variable has one loss, however many patterns match it;
// TotalLoss adds it up with the layer's own.
func TestRegularize(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	X := graph.Placeholder(s, "X", tensor.Float32, -1, 2)
	h := ops.Dense(s.Sub("hidden1"), X, 2, ops.DenseConfig{Kernel: constantly(1), Bias: constantly(5), KernelRegularizer: ops.L1(1)})
	ops.Dense(s.Sub("hidden2"), h, 3, ops.DenseConfig{Kernel: constantly(2)})
	graph.Variable(s, "hidden3/kernel", tensor.Shape{2}, graph.VariableConfig{NotTrainable: true, Initializer: constantly(9)})

	losses := training.Regularize(s, ops.L2(0.5), ".*/kernel", "hidden1/k")
	if got, want := fmt.Sprint(names(g, losses)), "[hidden1/kernel/Regularizer/l2_regularizer hidden2/kernel/Regularizer/l2_regularizer]"; got != want {
		t.Errorf("the losses are %v; want %v", got, want)
	}
	if got := training.Regularize(s, ops.L2(0), "hidden1/kernel"); got != nil {
		t.Errorf("a scale of 0 gives %v", got)
	}
	total := training.TotalLoss(s, graph.Const(s, 0.))
	out := run(t, open(t, g), nil, losses[0], losses[1], total)
	for i, want := range []float64{1, 6, 4 + 1 + 6} {
		if got := out.Float(i); math.Abs(got-want) > 1e-6 {
			t.Errorf("loss %d is %v; want %v", i, got, want)
		}
	}
}

func TestRegularizeErrors(t *testing.T) {
	for want, call := range map[string]func(s *graph.Scope){
		"no pattern was given":                         func(s *graph.Scope) { training.Regularize(s, ops.L2(1)) },
		`Regularize: pattern "kernal" matches nothing`: func(s *graph.Scope) { training.Regularize(s, ops.L2(1), "kernal") },
		"the regularizer is nil":                       func(s *graph.Scope) { training.Regularize(s, nil, "kernel") },
		"the scale is -1":                              func(s *graph.Scope) { training.Regularize(s, ops.L2(-1), "kernel") },
		"want a scalar float32": func(s *graph.Scope) {
			training.Regularize(s, func(s *graph.Scope, w *gorgonia.Node) *gorgonia.Node { return w }, "kernel")
		},
	} {
		g := graph.New(graph.Config{})
		variable(g.Scope(), "kernel", tensor.Float32, 1, 2)
		call(g.Scope())
		wantError(t, g.Err(), want)
	}
}

// A constraint set by pattern holds after every update of the variables that match.
func TestConstrain(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	var grads []training.GradVar
	for _, name := range []string{"hidden1/kernel", "hidden1/bias", "hidden2/kernel"} {
		v := graph.Variable(s, name, tensor.Shape{2}, graph.VariableConfig{Initializer: constantly(1), Constraint: ops.MaxNorm(0.5)})
		grads = append(grads, training.GradVar{Grad: graph.Const(s, []float64{-2, 3}), Var: v})
	}
	training.Constrain(g, ops.UnitNorm(), "hidden.*/kernel")
	training.Constrain(g, nil, "hidden1/bias")
	training.Constrain(g, ops.NonNeg(), "hidden2")
	step := training.GradientDescent(training.GradientDescentConfig{LearningRate: 1}).ApplyGradients(s, grads)
	sess := open(t, g)
	run(t, sess, nil, step)
	for i, want := range [][]float64{{3 / math.Sqrt(13), -2 / math.Sqrt(13)}, {3, -2}, {3, 0}} {
		got := value(t, sess, grads[i].Var).Data().([]float32)
		for k := range want {
			if math.Abs(float64(got[k])-want[k]) > 1e-6 {
				t.Errorf("variable %d is %v; want %v", i, got, want)
			}
		}
	}
}

func TestConstrainErrors(t *testing.T) {
	for want, call := range map[string]func(g *graph.Graph, v *gorgonia.Node){
		"no pattern was given":                        func(g *graph.Graph, v *gorgonia.Node) { training.Constrain(g, ops.NonNeg()) },
		`Constrain: pattern "kernal" matches nothing`: func(g *graph.Graph, v *gorgonia.Node) { training.Constrain(g, ops.NonNeg(), "kernal") },
		"GradientDescent updates kernel without the constraint": func(g *graph.Graph, v *gorgonia.Node) {
			opt := training.GradientDescent(training.GradientDescentConfig{LearningRate: 1})
			opt.ApplyGradients(g.Scope(), []training.GradVar{{Grad: graph.Const(g.Scope(), []float64{1, 1}), Var: v}})
			training.Constrain(g, ops.NonNeg(), "other")
			if err := g.Err(); err != nil {
				t.Errorf("a variable that is not trained: %v", err)
			}
			training.Constrain(g, ops.NonNeg(), "kernel")
		},
		"is not a variable": func(g *graph.Graph, v *gorgonia.Node) { g.SetConstraint(graph.Const(g.Scope(), 1.), ops.NonNeg()) },
		"the node is nil":   func(g *graph.Graph, v *gorgonia.Node) { g.SetConstraint(nil, ops.NonNeg()) },
	} {
		g := graph.New(graph.Config{})
		v := variable(g.Scope(), "kernel", tensor.Float32, 1, 2)
		variable(g.Scope(), "other", tensor.Float32, 1, 2)
		call(g, v)
		wantError(t, g.Err(), want)
	}
}
