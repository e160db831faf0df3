package main

import (
	"fmt"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
)

// model is a classifier in a graph, and what training it needs.
type model struct {
	g                    *graph.Graph
	s                    *graph.Scope
	x, y, training       *gorgonia.Node // training is nil where no layer behaves differently then
	hidden               *gorgonia.Node // the layer below the logits
	loss, accuracy, step *gorgonia.Node
}

// design says what a network is made of, beside five classes, and how it is trained.
type design struct {
	name, about string
	published   string // accuracy on the test images of MNIST
	layers      int
	units       int
	activation  ops.Activation
	batchNorm   bool
	dropout     float64 // share of a layer's inputs
	batch       int
}

// build makes a network of dense layers hidden1, hidden2, ... whose outputs are called hidden1_out and so on, as in the book.
func (d design) build(pixels int, seed int64) *model {
	g := graph.New(graph.Config{Seed: seed})
	s := g.Scope()
	m := &model{g: g, s: s, x: graph.Placeholder(s, "X", tensor.Float32, -1, pixels), training: graph.PlaceholderWithDefault(s, "training", false)}
	h := m.x
	for i := range d.layers {
		l := s.Sub(fmt.Sprintf("hidden%d", i+1))
		if d.dropout > 0 {
			h = ops.Dropout(l, h, d.dropout, m.training)
		}
		h = ops.Dense(l, h, d.units, ops.DenseConfig{Kernel: initializers.He()})
		if d.batchNorm {
			h = ops.BatchNorm(l, h, m.training, ops.BatchNormConfig{Momentum: 0.95})
		}
		h = graph.Name(s, out(i+1), d.activation(l, h))
	}
	m.classify(h)
	m.minimize()
	return m
}

// out is the name of a hidden layer's output, by its number from 1.
func out(layer int) string { return fmt.Sprintf("hidden%d_out", layer) }

// classify puts outputs on a hidden layer: logits, the probabilities Y_proba, loss and accuracy.
func (m *model) classify(hidden *gorgonia.Node) {
	m.hidden = hidden
	m.y = graph.Placeholder(m.s, "y", tensor.Int64, -1)
	logits := ops.Dense(m.s.Sub("logits"), hidden, classes, ops.DenseConfig{Kernel: initializers.He()})
	graph.Name(m.s, "Y_proba", ops.Softmax(m.s, logits))
	m.loss = ops.Mean(m.s, ops.SparseSoftmaxCrossEntropy(m.s, m.y, logits))
	m.accuracy = ops.Accuracy(m.s, m.y, logits)
}

// minimize makes the training step of all that is not frozen.
func (m *model) minimize() {
	t := m.s.NameScope("train").After(m.g.UpdatesOf(m.loss)...)
	m.step = training.Adam(training.AdamConfig{LearningRate: 0.01}).Minimize(t, m.loss, m.g.Trainable())
}

// feeds are those of a training step beside images and labels.
func (m *model) feeds() graph.Feeds {
	if m.training == nil {
		return nil
	}
	return graph.Feeds{m.training: true}
}
