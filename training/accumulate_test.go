package training_test

import (
	"fmt"
	"path/filepath"
	"reflect"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
)

// Micro-batches of the golden regression give, after each step, the values that
// PyTorch has after a step on the whole batch; between the steps nothing moves.
func TestAccumulateIsTheLargeBatch(t *testing.T) {
	for _, op := range []string{"Momentum", "Adam", "AdamW"} {
		for _, c := range golden.Cases(t, "optimizers", op) {
			if _, ok := c.Inputs["x"]; !ok {
				continue
			}
			for _, n := range []int{1, 2, 4, 8} {
				t.Run(fmt.Sprintf("%s/%d", c.Name, n), func(t *testing.T) { accumulatedRegression(t, c, n) })
			}
		}
	}
}

func accumulatedRegression(t *testing.T, c golden.Case, n int) {
	g := graph.New(graph.Config{Dtype: tensor.Float64})
	s := g.Scope()
	x, y := graph.Placeholder(s, "x", tensor.Float64, graph.Unknown, 3), graph.Placeholder(s, "y", tensor.Float64, graph.Unknown, 2)
	w, b := variable(s, "w", tensor.Float64, 0, 3, 2), variable(s, "b", tensor.Float64, 0, 2)
	loss := ops.Mean(s, ops.Square(s, ops.Sub(s, ops.BiasAdd(s, ops.MatMul(s, x, w), b), y)))
	count := training.GlobalStep(s)
	var inner training.Optimizer
	if c.Op == "AdamW" {
		inner = streams[0].make(s, c, nil, count)
		if c.Name == "AdamW/contrib/regression" {
			inner = training.AdamW(training.AdamWConfig{
				LearningRate: c.Param("learningRate"), WeightDecay: c.Param("weightDecay"), DecayWithoutRate: true, GlobalStep: count,
			})
		}
	} else {
		inner = optimizerOf(s, c, nil, count)
	}
	step := training.Accumulate(inner, training.AccumulateConfig{MicroBatches: n}).Minimize(s.NameScope("train"), loss, g.Trainable())
	sess := open(t, g)
	set(t, sess, w, c.In("w0").Float64s())
	set(t, sess, b, c.In("b0").Float64s())
	rows := 8 / n
	for k := range c.Out("w").Shape[0] {
		before := fmt.Sprint(value(t, sess, w), value(t, sess, b))
		for i := range n {
			if now := fmt.Sprint(value(t, sess, w), value(t, sess, b)); now != before {
				t.Fatalf("step %d: the weights moved in Run %d of %d", k, i, n)
			}
			if out := run(t, sess, nil, count); out.Float(0) != float64(k) {
				t.Fatalf("step %d, Run %d: the global step is %v", k, i, out.Float(0))
			}
			run(t, sess, graph.Feeds{
				x: tensor.New(tensor.WithShape(rows, 3), tensor.WithBacking(c.In("x").Float64s()[i*rows*3:(i+1)*rows*3])),
				y: tensor.New(tensor.WithShape(rows, 2), tensor.WithBacking(c.In("y").Float64s()[i*rows*2:(i+1)*rows*2])),
			}, step)
		}
		for v, want := range map[*gorgonia.Node]golden.Array{w: c.Out("w"), b: c.Out("b")} {
			if err := golden.Close(value(t, sess, v), want.Row(k), 1e-10, 1e-12); err != nil {
				t.Fatalf("%s after step %d: %v", g.NameOf(v), k, err)
			}
		}
	}
}

// A schedule sees steps; the constraint and the decay are part of a step; a
// gradient may be nil; names are those that the documentation gives.
func TestAccumulateStepsOnly(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	w := graph.Variable(s, "w", tensor.Shape{2}, graph.VariableConfig{Initializer: constantly(1), Constraint: limit})
	still := variable(s, "still", tensor.Float32, 7, 2)
	grad := graph.Placeholder(s, "grad", tensor.Float32, 2)
	count := training.GlobalStep(s)
	rate := ops.AddScalar(s, ops.Cast(s, count, tensor.Float32), 1) // 1, 2, 3, ...
	inner := training.GradientDescent(training.GradientDescentConfig{Schedule: rate, GlobalStep: count})
	opt := training.Accumulate(inner, training.AccumulateConfig{MicroBatches: 2})
	step := opt.ApplyGradients(s.NameScope("train"), []training.GradVar{{Grad: grad, Var: w}, {Var: still}})
	sess := open(t, g)
	set(t, sess, w, []float32{9, 1}) // beyond the limit of 2
	// The means are (-1, 2) at the rate 1, then (-1, 3) at the rate 2.
	for k, c := range []struct{ grad, want []float32 }{
		{[]float32{-1, 1}, []float32{9, 1}},
		{[]float32{-1, 3}, []float32{2, -1}},
		{[]float32{-1, 2}, []float32{2, -1}},
		{[]float32{-1, 4}, []float32{2, -7}},
	} {
		run(t, sess, graph.Feeds{grad: c.grad}, step)
		if got := value(t, sess, w).Data().([]float32); !reflect.DeepEqual(got, c.want) {
			t.Errorf("Run %d: w is %v; want %v", k, got, c.want)
		}
	}
	if got := run(t, sess, nil, count, still); got.Float(0) != 2 || got.Float32s(1)[0] != 7 {
		t.Errorf("the global step is %v, still %v", got.Float(0), got.Float32s(1))
	}
	if got, want := names(g, opt.Variables()), []string{"Accumulate/place", "w/Accumulate"}; !reflect.DeepEqual(got, want) {
		t.Errorf("it keeps %v; want %v", got, want)
	}
}

// Batch normalisation's statistics move in every Run, by what the Run sees.
func TestAccumulateMovesStatisticsInEveryRun(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	x := graph.Placeholder(s, "x", tensor.Float32, graph.Unknown, 1)
	y := ops.BatchNorm(s.Sub("norm"), x, graph.Const(s, true), ops.BatchNormConfig{Momentum: .5})
	loss := ops.Mean(s, ops.Square(s, y))
	opt := training.Accumulate(training.Adam(training.AdamConfig{}), training.AccumulateConfig{MicroBatches: 4})
	step := opt.Minimize(s.NameScope("train").After(g.UpdatesOf(loss)...), loss, g.Trainable())
	sess := open(t, g)
	mean := g.Node("norm/moving_mean")
	for k, want := range []float32{1, 1.5, 1.75, 1.875, 1.9375} {
		run(t, sess, graph.Feeds{x: [][]float32{{1}, {3}}}, step)
		if got := value(t, sess, mean).Data().([]float32)[0]; got != want {
			t.Errorf("Run %d: the moving mean is %v; want %v", k, got, want)
		}
	}
}

// Training that is saved between two steps and taken up by another session ends
// with the bits of an uninterrupted one.
func TestAccumulateResumesBetweenSteps(t *testing.T) {
	for _, name := range []string{"Accumulate", "Lookahead", "all"} {
		m := newSmall(t, name)
		whole := m.train(t, m.session(t, graph.SessionConfig{}), 11)
		for cut := 1; cut < 8; cut++ {
			saver := training.NewSaver(m.g.Variables(), training.SaverConfig{})
			first := m.session(t, graph.SessionConfig{})
			m.train(t, first, cut)
			path, err := saver.Save(first, filepath.Join(t.TempDir(), "model.ckpt"))
			if err != nil {
				t.Fatal(err)
			}
			other := newSmall(t, name)
			second, err := graph.NewSession(other.g, graph.SessionConfig{})
			if err != nil {
				t.Fatal(err)
			}
			defer second.Close()
			if err := training.NewSaver(other.g.Variables(), training.SaverConfig{}).Restore(second, path); err != nil {
				t.Fatal(err)
			}
			for v, got := range other.train(t, second, 11-cut) {
				if !sameBits(got, whole[v]) {
					t.Errorf("%s, saved after Run %d: %s differs", name, cut, v)
				}
			}
		}
	}
}

// A checkpoint of a program with longer cycles may have a place beyond the last
// one: the next Run is the last of its cycle.
func TestAccumulateShorterCycle(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	w := variable(s, "w", tensor.Float32, 0, 1)
	opt := training.Accumulate(training.GradientDescent(training.GradientDescentConfig{LearningRate: 1}), training.AccumulateConfig{MicroBatches: 2})
	step := opt.ApplyGradients(s, []training.GradVar{{Grad: graph.Const(s, []float64{4}), Var: w}})
	sess := open(t, g)
	set(t, sess, g.Node("Accumulate/place"), int64(7))
	for k, want := range []float32{-2, -2, -6} {
		run(t, sess, nil, step)
		if got := value(t, sess, w).Data().([]float32)[0]; got != want {
			t.Errorf("Run %d: w is %v; want %v", k, got, want)
		}
	}
}

// Around an accumulation ProcessGradients sees each micro-batch's gradients,
// inside it the means.
func TestProcessGradients(t *testing.T) {
	clip := func(s *graph.Scope, grads []training.GradVar) []training.GradVar {
		return training.ClipByValue(s, grads, -1, 1)
	}
	sgd := func() training.Optimizer {
		return training.GradientDescent(training.GradientDescentConfig{LearningRate: 1})
	}
	two := training.AccumulateConfig{MicroBatches: 2}
	for name, c := range map[string]struct {
		opt  training.Optimizer
		want float32 // of the gradients 3 and -2
	}{
		"alone":   {training.ProcessGradients(sgd(), clip), 0},                           // -1, then 1
		"around":  {training.ProcessGradients(training.Accumulate(sgd(), two), clip), 0}, // (1-1)/2
		"inside":  {training.Accumulate(training.ProcessGradients(sgd(), clip), two), -.5},
		"neither": {sgd(), -1},
	} {
		g := graph.New(graph.Config{})
		s := g.Scope()
		w := variable(s, "w", tensor.Float32, 0, 1)
		grad := graph.Placeholder(s, "grad", tensor.Float32, 1)
		step := c.opt.ApplyGradients(s, []training.GradVar{{Grad: grad, Var: w}})
		sess := open(t, g)
		run(t, sess, graph.Feeds{grad: []float32{3}}, step)
		run(t, sess, graph.Feeds{grad: []float32{-2}}, step)
		if got := value(t, sess, w).Data().([]float32)[0]; got != c.want {
			t.Errorf("%s: w is %v; want %v", name, got, c.want)
		}
	}
}
