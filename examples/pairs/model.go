package main

import (
	"fmt"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/transfer/pairs"
)

// How the two images of a pair are looked at.
const (
	separate = "separate" // by two networks, as in the book
	shared   = "shared"   // by one
)

// model is a network in a graph, and what training it needs.
type model struct {
	g                    *graph.Graph
	s                    *graph.Scope
	x, y                 *gorgonia.Node
	hidden               *gorgonia.Node // of a classifier, the layer below the logits
	loss, accuracy, step *gorgonia.Node
}

// dnn is the exercise's network without outputs: five hidden layers of 100 units, ELU.
func dnn(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	for i := range 5 {
		l := s.Sub(fmt.Sprintf("hidden%d", i+1))
		x = ops.Dense(l, x, 100, ops.DenseConfig{Kernel: initializers.He(), Activation: ops.ELUWith(1)})
	}
	return x
}

// pairModel tells whether the two images of a pair are of one class: a hidden layer of ten units looks at what the networks make of both.
func pairModel(pixels int, kind string, seed int64) *model {
	m := newModel(seed, -1, 2, pixels)
	both := pairs.Siamese(m.s, m.x, dnn, pairs.SiameseConfig{Separate: kind == separate})
	h := ops.Dense(m.s.Sub("compare"), ops.Concat(m.s, 1, both...), 10, ops.DenseConfig{Kernel: initializers.He(), Activation: ops.ELUWith(1)})
	logits := ops.Squeeze(m.s, ops.Dense(m.s.Sub("same"), h, 1, ops.DenseConfig{Kernel: initializers.He()}), 1)
	m.loss = ops.Mean(m.s, ops.SigmoidCrossEntropy(m.s, m.y, logits))
	said := ops.Cast(m.s, ops.Greater(m.s, logits, graph.Const(m.s, 0.0)), tensor.Int64)
	m.accuracy = ops.Mean(m.s, ops.Cast(m.s, ops.Equal(m.s, said, m.y), tensor.Float32))
	m.minimize()
	return m
}

// classifier tells the classes by one of the networks of a pairModel, under the names that its layers have there.
func classifier(pixels int, kind string, seed int64) *model {
	m := newModel(seed, -1, pixels)
	tower := m.s
	if kind == separate {
		tower = m.s.Sub("tower1")
	}
	m.hidden = dnn(tower, m.x)
	logits := ops.Dense(m.s.Sub("logits"), m.hidden, classes, ops.DenseConfig{Kernel: initializers.He()})
	m.loss = ops.Mean(m.s, ops.SparseSoftmaxCrossEntropy(m.s, m.y, logits))
	m.accuracy = ops.Accuracy(m.s, m.y, logits)
	return m
}

func newModel(seed int64, shape ...int) *model {
	g := graph.New(graph.Config{Seed: seed})
	s := g.Scope()
	return &model{g: g, s: s, x: graph.Placeholder(s, "X", tensor.Float32, shape...), y: graph.Placeholder(s, "y", tensor.Int64, -1)}
}

// minimize makes the training step of all that is not frozen, as in the book.
func (m *model) minimize() {
	opt := training.Momentum(training.MomentumConfig{LearningRate: 0.01, Momentum: 0.95, Nesterov: true})
	m.step = opt.Minimize(m.s.NameScope("train"), m.loss, m.g.Trainable())
}
