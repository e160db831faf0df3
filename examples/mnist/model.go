package main

import (
	"fmt"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/dataset"
)

// model is the deep net and the handles that training it needs.
type model struct {
	g                                    *graph.Graph
	x, y, training, loss, accuracy, step *gorgonia.Node
}

// build makes the graph that the flags describe. What cannot be built is
// reported by NewSession.
func build(o options, c *choices, pixels int) *model {
	g := graph.New(graph.Config{Seed: o.seed})
	s := g.Scope()
	m := &model{g: g}
	m.x = graph.Placeholder(s, "X", tensor.Float32, -1, pixels)
	m.y = graph.Placeholder(s, "y", tensor.Int64, -1)
	m.training = graph.PlaceholderWithDefault(s, "training", false)

	dnn := s.NameScope("dnn")
	h := m.x
	for i, n := range c.hidden {
		l := dnn.Sub(fmt.Sprintf("hidden%d", i+1))
		// Batch normalisation has a shift of its own in place of the bias.
		h = ops.Dense(l, h, n, ops.DenseConfig{Kernel: c.kernel, NoBias: o.bn})
		if o.bn {
			h = ops.BatchNorm(l, h, m.training, ops.BatchNormConfig{Momentum: 0.9})
		}
		h = c.activate(l, h, m.training)
	}
	logits := ops.Dense(dnn.Sub("outputs"), h, 10, ops.DenseConfig{Kernel: c.kernel})
	ls := s.NameScope("loss")
	m.loss = ops.Mean(ls, ops.SparseSoftmaxCrossEntropy(ls, m.y, logits))
	m.accuracy = ops.Accuracy(s.NameScope("eval"), m.y, logits)

	t := s.NameScope("train").After(g.UpdatesOf(m.loss)...)
	grads := c.optimizer.ComputeGradients(t, m.loss, g.Trainable())
	if o.clip != 0 {
		grads = training.ClipByValue(t, grads, -o.clip, o.clip)
	}
	m.step = c.optimizer.ApplyGradients(t, grads)
	return m
}

// evaluate returns the share of images that the model classifies rightly.
func (m *model) evaluate(sess *graph.Session, set *dataset.Set) (float64, error) {
	out, err := sess.Run(graph.Feeds{m.x: set.X, m.y: set.Y}, m.accuracy)
	if err != nil {
		return 0, err
	}
	return out.Float(0), nil
}
