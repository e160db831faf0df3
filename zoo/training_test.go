package zoo

import (
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
)

// wantTraining makes one step of gradient descent on an input of that shape. The step must change every trainable variable and,
// by the updates that belong to the loss, every moving statistic.
func wantTraining(t *testing.T, b build, shape ...int) {
	t.Helper()
	g := graph.New(graph.Config{Seed: 1})
	s := g.Scope()
	flag := graph.PlaceholderWithDefault(s, "training", false)
	x := graph.Placeholder(s, "x", tensor.Float32, append([]int{graph.Unknown}, shape[1:]...)...)
	m := b(s.Sub("net"), x, Config{Classes: 3, Training: flag})
	labels := make([]int64, shape[0])
	for i := range labels {
		labels[i] = int64(i % 3)
	}
	loss := ops.Mean(s, ops.SparseSoftmaxCrossEntropy(s, graph.Const(s, labels), m.Output))
	opt := training.GradientDescent(training.GradientDescentConfig{LearningRate: 0.1})
	step := opt.Minimize(s.After(g.UpdatesOf(loss)...), loss, g.Trainable("net/.*"))
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer sess.Close()
	if err := sess.Init(); err != nil {
		t.Fatal(err)
	}
	before := valuesOf(t, sess, m.Variables())
	image := tensor.New(tensor.WithShape(shape...), tensor.WithBacking(golden.Sequence(1, tensor.Shape(shape).TotalSize())))
	if _, err := sess.Run(graph.Feeds{x: image, flag: true}, step); err != nil {
		t.Fatal(err)
	}
	for i, after := range valuesOf(t, sess, m.Variables()) {
		changed := false
		for j, v := range after {
			if v != v {
				t.Fatalf("%s of %s is NaN after a step", g.NameOf(m.Variables()[i]), m.Name)
			}
			changed = changed || v != before[i][j]
		}
		if !changed {
			t.Errorf("a step leaves %s of %s as it was", g.NameOf(m.Variables()[i]), m.Name)
		}
	}
}

func valuesOf(t *testing.T, sess *graph.Session, variables gorgonia.Nodes) [][]float32 {
	t.Helper()
	all := make([][]float32, len(variables))
	for i, v := range variables {
		value, err := sess.Value(v)
		if err != nil {
			t.Fatal(err)
		}
		all[i] = append(all[i], value.Data().([]float32)...)
	}
	return all
}

// wantBadInput builds a network of images on inputs that no network of images takes.
func wantBadInput(t *testing.T, b build, channels int) {
	t.Helper()
	wantBuildError(t, b, Config{}, []int{-1, 64 * channels}, "want [batch, height, width, channels]")
	wantBuildError(t, b, Config{}, []int{-1, 64, 64, -1}, "the number of channels must be known")
	wantBuildError(t, b, Config{Classes: 3, NoTop: true}, []int{-1, 64, 64, channels}, "NoTop leaves the classifier out")
	wantBuildError(t, b, Config{Width: 2}, []int{-1, 64, 64, channels}, "one width only")
}

// wantBuildError builds a network on an input of that shape and wants an error with all of parts.
func wantBuildError(t *testing.T, b build, cfg Config, shape []int, parts ...string) {
	t.Helper()
	g := graph.New(graph.Config{})
	m := b(g.Scope().Sub("net"), graph.Placeholder(g.Scope(), "x", tensor.Float32, shape...), cfg)
	for _, part := range parts {
		if err := g.Err(); err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("%s of %v: got %v; want %q", m.Name, shape, err, part)
		}
	}
	if m.Output == nil || !graph.IsBad(m.Output) {
		t.Errorf("%s of %v: the output is not a bad node", m.Name, shape)
	}
}
