package training_test

import (
	"slices"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/training"
)

// zeroed says a zero of a golden case explicitly.
func zeroed(x float64) float64 {
	if x == 0 {
		return graph.Zero
	}
	return x
}

// goldenOptimizers are the ops of the golden cases that optimizerOf knows.
var goldenOptimizers = append([]string{"GradientDescent", "Momentum", "Adam"}, tensorFlowOptimizers...)

// optimizerOf makes the optimizer of a golden case.
func optimizerOf(s *graph.Scope, c golden.Case, schedule, step *gorgonia.Node) training.Optimizer {
	rate := c.Param("learningRate")
	if schedule != nil {
		rate = 0
	}
	switch c.Op {
	case "GradientDescent":
		return training.GradientDescent(training.GradientDescentConfig{LearningRate: rate, Schedule: schedule, GlobalStep: step})
	case "Momentum":
		return training.Momentum(training.MomentumConfig{
			LearningRate: rate, Schedule: schedule, GlobalStep: step,
			Momentum: zeroed(c.Param("momentum")), Nesterov: c.Param("nesterov") == 1,
		})
	case "Adam":
		return training.Adam(training.AdamConfig{
			LearningRate: rate, Schedule: schedule, GlobalStep: step,
			Beta1: zeroed(c.Param("beta1")), Beta2: zeroed(c.Param("beta2")), Epsilon: zeroed(c.Param("epsilon")),
		})
	}
	return tensorFlowOptimizerOf(s, c, rate, schedule, step)
}

func optimizerCases(t *testing.T, kind string) []golden.Case {
	var out []golden.Case
	for _, file := range []string{"optimizers", "optimizers2"} {
		for _, c := range golden.Cases(t, file, "") {
			if slices.Contains(goldenOptimizers, c.Op) && strings.HasSuffix(c.Name, kind) {
				out = append(out, c)
			}
		}
	}
	return out
}

// Each optimizer gives the golden values after every step, slots included, for
// a learning rate that is a number or a node of either float dtype.
func TestOptimizersGolden(t *testing.T) {
	for _, c := range optimizerCases(t, "stream") {
		for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
			for _, schedule := range []string{"", "float32", "float64"} {
				t.Run(c.Name+"/"+dtype.String()+"/"+schedule, func(t *testing.T) { goldenStream(t, c, optimizerOf, dtype, schedule, 1e-14) })
			}
		}
	}
}

// goldenStream makes the steps of a case, in which the rate is a number or, if schedule
// is a dtype, a node of it; atol is the tolerance where all is float64.
func goldenStream(t *testing.T, c golden.Case, build stream, dtype tensor.Dtype, schedule string, atol float64) {
	g := graph.New(graph.Config{Dtype: dtype})
	s := g.Scope()
	n := len(c.In("w0").Data)
	w := variable(s, "layer/w", dtype, 0, n)
	grad := graph.Placeholder(s, "grad", dtype, n)
	feeds := graph.Feeds{}
	var rate *gorgonia.Node
	switch schedule {
	case "float32":
		rate = graph.Placeholder(s, "rate", tensor.Float32)
		feeds[rate] = float32(c.Param("learningRate"))
	case "float64":
		rate = graph.Placeholder(s, "rate", tensor.Float64)
		feeds[rate] = c.Param("learningRate")
	}
	rtol := 1e-12
	if dtype == tensor.Float32 || schedule == "float32" {
		rtol, atol = 2e-5, 2e-6
	}
	count := training.GlobalStep(s)
	opt := build(s, c, rate, count)
	step := opt.ApplyGradients(s.NameScope("train"), []training.GradVar{{Grad: grad, Var: w}})
	if got := g.Collection(graph.TrainOp); len(got) != 1 || got[0] != step {
		t.Errorf("train ops %v; want the step alone", names(g, got))
	}
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer sess.Close()
	set(t, sess, w, as(dtype, c.In("w0").Data))
	if err := sess.Init(); err != nil { // slow weights begin with the value of w
		t.Fatal(err)
	}
	for k := range c.In("grads").Shape[0] {
		feeds[grad] = as(dtype, c.In("grads").Row(k).Data)
		if out := run(t, sess, feeds, step, count); out[0] != nil || out.Float(1) != float64(k) {
			t.Fatalf("step %d: fetched %v and global step %v", k, out[0], out.Float(1))
		}
		for name, want := range c.Outputs {
			v := w
			if name != "w" {
				if v = opt.Slot(w, name); v == nil || g.NameOf(v) != "layer/w/"+name {
					t.Fatalf("slot %s is %v", name, v)
				}
			}
			if err := golden.Close(value(t, sess, v), want.Row(k), rtol, atol); err != nil {
				t.Fatalf("%s after step %d: %v", name, k, err)
			}
		}
	}
	if kept := opt.Variables(); len(kept) != len(g.Variables())-2 { // w, global_step
		t.Errorf("it keeps %v of %v", names(g, kept), names(g, g.Variables()))
	}
}
