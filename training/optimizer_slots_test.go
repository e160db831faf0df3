package training_test

import (
	"math"
	"reflect"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training"
)

// The names are those of TensorFlow's checkpoints and graphs, and none of it is
// trainable or part of the model.
func TestOptimizerNames(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	w := variable(s.Sub("hidden1"), "kernel", tensor.Float32, 1, 2)
	grad := graph.Placeholder(s, "grad", tensor.Float32, 2)
	gv := []training.GradVar{{Grad: grad, Var: w}}
	t1 := s.NameScope("train").Sub("deep")
	momentum := training.Momentum(training.MomentumConfig{LearningRate: .1, Momentum: .9})
	train := momentum.ApplyGradients(t1, gv)
	other := training.Momentum(training.MomentumConfig{LearningRate: .1, Momentum: .9})
	other.ApplyGradients(t1, gv)
	adam := training.Adam(training.AdamConfig{})
	adam.ApplyGradients(t1, gv)
	second := training.Adam(training.AdamConfig{})
	second.ApplyGradients(t1, gv)
	named := training.Adam(training.AdamConfig{Name: "Adam2"})
	named.ApplyGradients(t1, gv)
	if err := g.Err(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		opt  training.Optimizer
		want []string
	}{
		{momentum, []string{"hidden1/kernel/Momentum"}},
		{other, []string{"hidden1/kernel/Momentum_1"}},
		{adam, []string{"beta1_power", "beta2_power", "hidden1/kernel/Adam", "hidden1/kernel/Adam_1"}},
		{second, []string{"beta1_power_1", "beta2_power_1", "hidden1/kernel/Adam_2", "hidden1/kernel/Adam_3"}},
		{named, []string{"beta1_power_2", "beta2_power_2", "hidden1/kernel/Adam2", "hidden1/kernel/Adam2_1"}},
	} {
		if got := names(g, c.opt.Variables()); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%T keeps %v; want %v", c.opt, got, c.want)
		}
	}
	if got := g.NameOf(train); got != "train/deep/Momentum" {
		t.Errorf("the train op is %s", got)
	}
	if _, ok := g.Lookup("train/deep/Momentum/update_hidden1/kernel/ApplyMomentum"); !ok {
		t.Errorf("the update op has another name: %v", names(g, g.Operations("train/deep/Momentum/")))
	}
	if got := names(g, g.Trainable()); !reflect.DeepEqual(got, []string{"hidden1/kernel"}) {
		t.Errorf("trainable: %v", got)
	}
	if got := names(g, g.ModelVariables()); !reflect.DeepEqual(got, []string{"hidden1/kernel"}) {
		t.Errorf("model variables: %v", got)
	}
	if got := g.Collection(graph.TrainOp); len(got) != 5 || got[0] != train {
		t.Errorf("train ops: %v", names(g, got))
	}
	if momentum.Slot(w, "Adam") != nil || momentum.Slot(nil, "Momentum") != nil {
		t.Error("Slot finds what is not there")
	}
}

// Slots belong to the optimizer value: a later train op over more variables
// goes on with them and adds its own.
func TestSlotsAreReused(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	a, b := variable(s, "a", tensor.Float32, 0, 1), variable(s, "b", tensor.Float32, 0, 1)
	one := graph.Const(s, []float64{1})
	opt := training.Momentum(training.MomentumConfig{LearningRate: 1, Momentum: .5})
	first := opt.ApplyGradients(s, []training.GradVar{{Grad: one, Var: a}})
	both := opt.ApplyGradients(s, []training.GradVar{{Grad: one, Var: a}, {Grad: one, Var: b}})
	sess := open(t, g)
	run(t, sess, nil, first)
	run(t, sess, nil, both)
	if got := value(t, sess, a).Data().([]float32)[0]; got != -2.5 {
		t.Errorf("a is %v after accumulators 1 and 1.5", got)
	}
	if got := names(g, opt.Variables()); !reflect.DeepEqual(got, []string{"a/Momentum", "b/Momentum"}) {
		t.Errorf("slots: %v", got)
	}
}

// One optimizer value may serve two graphs.
func TestOptimizerOnTwoGraphs(t *testing.T) {
	opt := training.Adam(training.AdamConfig{})
	for i := 0; i < 2; i++ {
		g := graph.New(graph.Config{})
		s := g.Scope()
		w := variable(s, "w", tensor.Float32, 0, 1)
		step := opt.ApplyGradients(s, []training.GradVar{{Grad: graph.Const(s, []float64{1}), Var: w}})
		sess := open(t, g)
		run(t, sess, nil, step)
		if got := value(t, sess, w).Data().([]float32)[0]; math.Abs(float64(got)+.001) > 1e-7 {
			t.Errorf("graph %d: w is %v", i, got)
		}
	}
}

// In float64 the powers are float64; they advance once a step, whatever the
// number of variables.
func TestAdamPowers(t *testing.T) {
	for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		g := graph.New(graph.Config{Dtype: dtype})
		s := g.Scope()
		a, b := variable(s, "a", dtype, 0, 1), variable(s, "b", dtype, 0, 1)
		one := graph.Const(s, []float64{1})
		opt := training.Adam(training.AdamConfig{Beta1: .5})
		step := opt.ApplyGradients(s, []training.GradVar{{Grad: one, Var: a}, {Grad: one, Var: b}})
		sess := open(t, g)
		power := opt.Variables()[0]
		if power.Dtype() != dtype {
			t.Errorf("the power is %v; want %v", power.Dtype(), dtype)
		}
		out := run(t, sess, nil, step, power)
		if out.Float(1) != .5 || run(t, sess, nil, power).Float(0) != .25 {
			t.Errorf("%v: the power goes from %v to %v", dtype, out.Float(1), run(t, sess, nil, power).Float(0))
		}
	}
}

// A failed step takes its slots back under PanicOnError, so that a notebook's
// cell can be run again.
func TestPanicOnErrorRollsBack(t *testing.T) {
	g := graph.New(graph.Config{OnError: graph.PanicOnError})
	s := g.Scope()
	w := variable(s, "w", tensor.Float32, 0, 2)
	right, wrong := graph.Placeholder(s, "right", tensor.Float32, 2), graph.Placeholder(s, "wrong", tensor.Float32, 3)
	opt := training.Adam(training.AdamConfig{})
	func() {
		defer func() {
			if _, ok := recover().(*graph.BuildError); !ok {
				t.Error("no BuildError")
			}
		}()
		opt.ApplyGradients(s, []training.GradVar{{Grad: wrong, Var: w}})
	}()
	if got := names(g, g.Variables()); !reflect.DeepEqual(got, []string{"w"}) {
		t.Errorf("variables left: %v", got)
	}
	step := opt.ApplyGradients(s, []training.GradVar{{Grad: right, Var: w}})
	run(t, open(t, g), graph.Feeds{right: []float32{1, 2}}, step)
	if got := names(g, opt.Variables()); !reflect.DeepEqual(got, names(g, g.Variables())[1:]) {
		t.Errorf("the optimizer keeps %v of the variables %v", got, names(g, g.Variables()))
	}
}
