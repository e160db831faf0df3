package training_test

import (
	"math"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
)

// A panel has the values that its node has in the Run: of a variable, of a fed placeholder and of what is computed from both, in either dtype.
func TestHistograms(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	v := variable(s, "v", tensor.Float64, 3)
	x := graph.Placeholder(s, "x", tensor.Float32, -1)
	double := ops.Scale(s.NameScope("layer"), x, 2)
	sess := open(t, g)
	p, err := training.Histograms(sess, graph.Feeds{x: []float32{1, 2, 3, float32(math.NaN())}}, v, x, double)
	if err != nil {
		t.Fatal(err)
	}
	want := "v: 1 values, mean 3, std 0, from 3 to 3\n" +
		"x: 4 values, mean 2, std 0.816, from 1 to 3, 1 not finite\n" +
		g.NameOf(double) + ": 4 values, mean 4, std 1.63, from 2 to 6, 1 not finite"
	if p.String() != want {
		t.Errorf("%s\nwant\n%s", p, want)
	}
}

// Gradients are shown under the names of their variables; a variable that the loss does not depend on has none.
func TestGradientHistograms(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	w, idle := variable(s, "w", tensor.Float64, 3), variable(s, "idle", tensor.Float64, 1)
	x := graph.Placeholder(s, "x", tensor.Float64, -1)
	loss := ops.Mean(s, ops.Mul(s, x, w)) // its slope is the mean of x
	opt := training.GradientDescent(training.GradientDescentConfig{LearningRate: 0.1})
	grads := opt.ComputeGradients(s, loss, gorgonia.Nodes{w, idle})
	sess := open(t, g)
	p, err := training.GradientHistograms(sess, graph.Feeds{x: []float64{1, 2, 6}}, grads)
	if err != nil {
		t.Fatal(err)
	}
	if want := "Gradients\nw: 1 values, mean 3, std 0, from 3 to 3"; p.String() != want {
		t.Errorf("%s\nwant\n%s", p, want)
	}
	_, err = training.GradientHistograms(sess, nil, []training.GradVar{{Var: idle}})
	wantError(t, err, "training: histograms of gradients: there are no nodes")
}

func TestHistogramsBadInput(t *testing.T) {
	m := newSumming(t)
	other := newSumming(t)
	_, err := training.Histograms(nil, nil, m.v)
	wantError(t, err, "training: histograms: the session is nil")
	fed := graph.Feeds{m.x: []float64{1}}
	for _, tt := range []struct {
		feeds graph.Feeds
		nodes gorgonia.Nodes
		want  string
	}{
		{fed, nil, "there are no nodes"},
		{fed, gorgonia.Nodes{nil}, "fetch 0"},
		{fed, gorgonia.Nodes{m.v, other.v}, "another graph"},
		{nil, gorgonia.Nodes{m.square}, "placeholder x, float64[?], must be fed"},
		{fed, gorgonia.Nodes{m.globalStep}, "global_step is int64()"},
		{fed, gorgonia.Nodes{m.step}, "is run for its effect"},
	} {
		_, err := training.Histograms(m.sess, tt.feeds, tt.nodes...)
		if wantError(t, err, tt.want); err != nil && !strings.HasPrefix(err.Error(), "training: histograms: ") {
			t.Errorf("%v: want the name of the function in front", err)
		}
	}
	_, err = training.Histograms(m.sess, graph.Feeds{m.x: []float64{}}, m.x)
	wantError(t, err, `layer 0 "x"`, "it has no values")
}
