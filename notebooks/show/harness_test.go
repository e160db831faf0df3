package show_test

import (
	"context"
	"fmt"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/dataset"
	"github.com/plexaura/plexaura/training/hooks"
)

// chapter is a classifier with batch normalisation and clipped gradients.
type chapter struct {
	g                      *graph.Graph
	X, y, isTraining       *gorgonia.Node
	logits, loss, accuracy *gorgonia.Node
	step                   *gorgonia.Node
}

func newChapter(t testing.TB, inputs int) *chapter {
	t.Helper()
	g := graph.New(graph.Config{Seed: 42})
	s := g.Scope()
	c := &chapter{g: g}
	c.X = graph.Placeholder(s, "X", tensor.Float32, -1, inputs)
	c.y = graph.Placeholder(s, "y", tensor.Int64, -1)
	c.isTraining = graph.PlaceholderWithDefault(s, "training", false)
	dnn := s.NameScope("dnn")
	h := c.X
	for i, units := range []int{300, 100} {
		l := dnn.Sub(fmt.Sprintf("hidden%d", i+1))
		h = ops.Dense(l, h, units, ops.DenseConfig{Kernel: initializers.He(), NoBias: true})
		h = ops.BatchNorm(l, h, c.isTraining, ops.BatchNormConfig{Momentum: 0.9})
		h = ops.ELU(l, h, 1)
	}
	c.logits = ops.Dense(dnn.Sub("outputs"), h, 10, ops.DenseConfig{Kernel: initializers.He()})
	ls := s.NameScope("loss")
	c.loss = ops.Mean(ls, ops.SparseSoftmaxCrossEntropy(ls, c.y, c.logits))
	c.accuracy = ops.Accuracy(s.NameScope("eval"), c.y, c.logits)
	tr := s.NameScope("train").After(g.UpdatesOf(c.loss)...)
	opt := training.Momentum(training.MomentumConfig{LearningRate: 0.01, Momentum: 0.9})
	grads := opt.ComputeGradients(tr, c.loss, g.Trainable())
	for i := range grads {
		grads[i].Grad = ops.ClipByValue(tr, grads[i].Grad, -1, 1)
	}
	c.step = opt.ApplyGradients(tr, grads)
	if err := g.Err(); err != nil {
		t.Fatal(err)
	}
	return c
}

// session is a session of the network with initial values.
func (c *chapter) session(t testing.TB) *graph.Session {
	t.Helper()
	sess, err := graph.NewSession(c.g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { sess.Close() })
	if err := sess.Init(); err != nil {
		t.Fatal(err)
	}
	return sess
}

// fit trains the network of 64 inputs on the embedded digits.
func (c *chapter) fit(t testing.TB, sess *graph.Session, epochs int, more ...training.Hook) *training.History {
	t.Helper()
	train, validation, _, err := dataset.Digits()
	if err != nil {
		t.Fatal(err)
	}
	batches := func(set *dataset.Set) *dataset.BatchIterator {
		return dataset.Batches(dataset.BatchesConfig{X: set.X, Y: set.Y, BatchSize: 50, Seed: 3})
	}
	h, err := training.Fit(context.Background(), sess, training.FitConfig{
		Step: c.step, Loss: c.loss, Metrics: map[string]*gorgonia.Node{"accuracy": c.accuracy}, Data: batches(train), X: c.X, Y: c.y,
		Feeds: graph.Feeds{c.isTraining: true}, Epochs: epochs, Hooks: append([]training.Hook{&hooks.Evaluation{Data: batches(validation)}}, more...),
	})
	if err != nil {
		t.Fatal(err)
	}
	return h
}
