package training_test

import (
	"math"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training"
)

// Every mistake is a build error that says what is wrong.
func TestOptimizerErrors(t *testing.T) {
	type nodes struct {
		g              *graph.Graph
		s              *graph.Scope
		w, grad, other *gorgonia.Node
	}
	gd := func(n nodes, cfg training.GradientDescentConfig) {
		training.GradientDescent(cfg).ApplyGradients(n.s, []training.GradVar{{Grad: n.grad, Var: n.w}})
	}
	momentum := func(n nodes, cfg training.MomentumConfig) {
		training.Momentum(cfg).ApplyGradients(n.s, []training.GradVar{{Grad: n.grad, Var: n.w}})
	}
	adam := func(n nodes, cfg training.AdamConfig) {
		training.Adam(cfg).ApplyGradients(n.s, []training.GradVar{{Grad: n.grad, Var: n.w}})
	}
	sgd := training.GradientDescentConfig{LearningRate: .1}
	for _, c := range []struct {
		name  string
		build func(n nodes)
		want  []string
	}{
		{"no rate", func(n nodes) { gd(n, training.GradientDescentConfig{}) }, []string{"train/GradientDescent", "LearningRate is 0"}},
		{"negative rate", func(n nodes) { gd(n, training.GradientDescentConfig{LearningRate: -1}) }, []string{"LearningRate is -1", "positive"}},
		{"NaN rate", func(n nodes) { gd(n, training.GradientDescentConfig{LearningRate: math.NaN()}) }, []string{"LearningRate is NaN"}},
		{"Inf rate", func(n nodes) { gd(n, training.GradientDescentConfig{LearningRate: math.Inf(1)}) }, []string{"LearningRate is +Inf"}},
		{"momentum left out", func(n nodes) { momentum(n, training.MomentumConfig{LearningRate: 1}) }, []string{"train/Momentum", "Momentum is 0", "graph.Zero"}},
		{"momentum 1", func(n nodes) { momentum(n, training.MomentumConfig{LearningRate: 1, Momentum: 1}) }, []string{"Momentum is 1", "[0, 1)"}},
		{"momentum NaN", func(n nodes) {
			momentum(n, training.MomentumConfig{LearningRate: 1, Momentum: math.NaN()})
		}, []string{"Momentum is NaN"}},
		{"beta1", func(n nodes) { adam(n, training.AdamConfig{Beta1: 1.5}) }, []string{"train/Adam", "Beta1 is 1.5"}},
		{"beta2", func(n nodes) { adam(n, training.AdamConfig{Beta2: -1}) }, []string{"Beta2 is -1"}},
		{"epsilon", func(n nodes) { adam(n, training.AdamConfig{Epsilon: -1}) }, []string{"Epsilon is -1"}},
		{"adam rate", func(n nodes) { adam(n, training.AdamConfig{LearningRate: -1}) }, []string{"LearningRate is -1"}},
		{"schedule shape", func(n nodes) { gd(n, training.GradientDescentConfig{Schedule: n.grad}) }, []string{"Schedule grad", "float32[2]", "scalar"}},
		{"schedule dtype", func(n nodes) {
			gd(n, training.GradientDescentConfig{Schedule: graph.Placeholder(n.s, "i", tensor.Int64)})
		}, []string{"Schedule train/i", "int64[]"}},
		{"schedule of another graph", func(n nodes) {
			gd(n, training.GradientDescentConfig{Schedule: graph.Const(graph.New(graph.Config{}).Scope(), 1.)})
		}, []string{"another graph"}},
		{"step no variable", func(n nodes) {
			gd(n, training.GradientDescentConfig{LearningRate: 1, GlobalStep: n.grad})
		}, []string{"GlobalStep grad", "not a variable"}},
		{"step float", func(n nodes) {
			gd(n, training.GradientDescentConfig{LearningRate: 1, GlobalStep: n.w})
		}, []string{"GlobalStep w", "float32[2]"}},
		{"all nil", func(n nodes) {
			training.GradientDescent(sgd).ApplyGradients(n.s, []training.GradVar{{Var: n.w}, {Var: n.other}})
		}, []string{"No gradients provided for any variable", "w, other"}},
		{"none", func(n nodes) { training.GradientDescent(sgd).ApplyGradients(n.s, nil) }, []string{"no gradients were given"}},
		{"twice", func(n nodes) {
			training.GradientDescent(sgd).ApplyGradients(n.s, []training.GradVar{{Grad: n.grad, Var: n.w}, {Grad: n.grad, Var: n.w}})
		}, []string{"variable w is given twice"}},
		{"nil variable", func(n nodes) {
			training.GradientDescent(sgd).ApplyGradients(n.s, []training.GradVar{{Grad: n.grad}})
		}, []string{"nil"}},
		{"no variable", func(n nodes) {
			training.GradientDescent(sgd).ApplyGradients(n.s, []training.GradVar{{Grad: n.grad, Var: n.grad}})
		}, []string{"grad is not a variable"}},
		{"integer variable", func(n nodes) {
			training.GradientDescent(sgd).ApplyGradients(n.s, []training.GradVar{{Grad: n.grad, Var: training.GlobalStep(n.s)}})
		}, []string{"global_step is int64[]"}},
		{"shape", func(n nodes) {
			training.GradientDescent(sgd).ApplyGradients(n.s, []training.GradVar{{Grad: n.grad, Var: n.other}})
		}, []string{"train/GradientDescent/update_other/ApplyGradientDescent", "float32[2]", "float32[3]"}},
		{"dtype", func(n nodes) {
			training.Adam(training.AdamConfig{}).ApplyGradients(n.s, []training.GradVar{{Grad: graph.Placeholder(n.s, "x", tensor.Float64, 2), Var: n.w}})
		}, []string{"train/Adam/update_w/ApplyAdam", "float64[2]", "float32[2]"}},
		{"empty list", func(n nodes) {
			training.GradientDescent(sgd).Minimize(n.s, n.grad, nil)
		}, []string{"train/ComputeGradients", "empty", "g.Trainable()", "w, other"}},
		{"nil loss", func(n nodes) {
			training.GradientDescent(sgd).Minimize(n.s, nil, n.g.Trainable())
		}, []string{"the loss is nil"}},
		{"gradient of no variable", func(n nodes) {
			training.GradientDescent(sgd).ComputeGradients(n.s, n.grad, gorgonia.Nodes{n.grad})
		}, []string{"grad is not a variable"}},
		{"unconnected", func(n nodes) {
			training.GradientDescent(sgd).Minimize(n.s, n.grad, n.g.Trainable())
		}, []string{"No gradients provided"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := graph.New(graph.Config{})
			s := g.Scope()
			n := nodes{g, s.NameScope("train"), variable(s, "w", tensor.Float32, 0, 2), graph.Placeholder(s, "grad", tensor.Float32, 2), variable(s, "other", tensor.Float32, 0, 3)}
			if err := g.Err(); err != nil {
				t.Fatal(err)
			}
			c.build(n)
			wantError(t, g.Err(), append(c.want, "optimizer_errors_test.go")...)
		})
	}
}
