package training_test

import (
	"context"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
)

// A step that changes nothing is no healthy training.
func TestDiagnoseStepWithoutEffect(t *testing.T) {
	p := patient{data: "clusters", hidden: widths(10, 2), act: ops.Tanh, opt: sgd(graph.Zero)}
	d := p.examine(t, 1, training.DiagnoseConfig{Steps: 3, NoTrials: true})
	if !d.Has(training.LearningRateTooLow) || !strings.Contains(d.String(), "changes no trainable variable") {
		t.Error(d)
	}
}

// A check that the graph itself makes is a finding too.
func TestDiagnoseCheckNumericsInTheGraph(t *testing.T) {
	p := patient{data: "clusters", opt: sgd(0.1), net: func(s *graph.Scope, x, _ *gorgonia.Node, n int) *gorgonia.Node {
		h := ops.CheckNumerics(s.Sub("check"), ops.Log(s, ops.Dense(s.Sub("hidden1"), x, 8, ops.DenseConfig{})), "after the logarithm")
		return ops.Dense(s.Sub("outputs"), h, n, ops.DenseConfig{})
	}}
	d := p.examine(t, 1, training.DiagnoseConfig{Steps: 3, NoTrials: true})
	if !d.Has(training.NotFinite) || d.Findings[0].Layers[0] != "check/CheckNumerics" {
		t.Error(d)
	}
}

// A failing Assert is an error.
func TestDiagnoseFailingStep(t *testing.T) {
	p := patient{data: "clusters", opt: sgd(0.1), net: func(s *graph.Scope, x, _ *gorgonia.Node, n int) *gorgonia.Node {
		no := ops.Assert(s, graph.Const(s, false), "never so")
		return ops.Dense(s.After(no).Sub("outputs"), x, n, ops.DenseConfig{})
	}}
	sess, cfg := p.admit(t, 1, training.DiagnoseConfig{})
	_, err := training.Diagnose(context.Background(), sess, cfg)
	wantError(t, err, "training.Diagnose", "step 1 of 40", "never so")
}

// In a notebook a cell is run again under Scope.Fresh: the gradients of the old
// loss of the same name are not taken for those of the new one.
func TestDiagnoseAfterFresh(t *testing.T) {
	g := graph.New(graph.Config{Seed: 1, Dtype: tensor.Float64, OnError: graph.PanicOnError})
	X := graph.Placeholder(g.Scope(), "X", tensor.Float64, -1, 3)
	for _, act := range []ops.Activation{ops.Tanh, ops.ReLU} {
		s := g.Scope().Sub("model").Fresh()
		h := ops.Dense(s.Sub("hidden"), X, 5, ops.DenseConfig{Activation: act, Kernel: initializers.He()})
		loss := ops.Mean(s, ops.Square(s, ops.Dense(s.Sub("outputs"), h, 1, ops.DenseConfig{})))
		step := sgd(0.1).Minimize(s.NameScope("train"), loss, g.Trainable("model"))
		d, err := training.Diagnose(context.Background(), open(t, g), training.DiagnoseConfig{
			Step: step, Loss: loss, X: X, Steps: 3,
			Data: batches{x: tensor.New(tensor.WithShape(2, 3), tensor.WithBacking([]float64{1, -2, 3, 0.5, 1, -1}))},
		})
		if err != nil {
			t.Fatal(err)
		}
		if len(d.Layers) != 2 || !(d.Layers[0].Gradient > 0) || !(d.Layers[0].UpdateRatio > 0) {
			t.Error(d)
		}
	}
}
