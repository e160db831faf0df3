package main

import (
	"fmt"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
)

// model is a deep net of one variant.
type model struct {
	g                                    *graph.Graph
	x, y, training, loss, accuracy, step *gorgonia.Node
	norms                                gorgonia.Nodes // of the gradient with respect to each hidden layer's kernel
}

// build makes the graph of a net of equal hidden layers.
func build(v variant, o options, pixels int) *model {
	g := graph.New(graph.Config{Seed: o.seed})
	s := g.Scope()
	m := &model{g: g}
	m.x = graph.Placeholder(s, "X", tensor.Float32, -1, pixels)
	m.y = graph.Placeholder(s, "y", tensor.Int64, -1)
	m.training = graph.PlaceholderWithDefault(s, "training", false)

	dnn := s.NameScope("dnn")
	h := m.x
	for i := 1; i <= o.layers; i++ {
		l := dnn.Sub(fmt.Sprintf("hidden%d", i))
		h = ops.Dense(l, h, o.units, ops.DenseConfig{Kernel: v.kernel, NoBias: v.batchNorm})
		if v.batchNorm {
			h = ops.BatchNorm(l, h, m.training, ops.BatchNormConfig{Momentum: 0.9})
		}
		h = v.activation(l, h)
	}
	logits := ops.Dense(dnn.Sub("outputs"), h, 10, ops.DenseConfig{Kernel: v.kernel})
	ls := s.NameScope("loss")
	m.loss = ops.Mean(ls, ops.SparseSoftmaxCrossEntropy(ls, m.y, logits))
	m.accuracy = ops.Accuracy(s.NameScope("eval"), m.y, logits)

	t := s.NameScope("train").After(g.UpdatesOf(m.loss)...)
	opt := training.GradientDescent(training.GradientDescentConfig{LearningRate: o.rate})
	m.step = opt.ApplyGradients(t, opt.ComputeGradients(t, m.loss, g.Trainable()))

	// The same gradients again, for the table.
	n := s.NameScope("norms")
	kernels := g.Trainable(`hidden\d+/kernel`)
	for _, grad := range graph.Gradients(n, gorgonia.Nodes{m.loss}, kernels, nil) {
		m.norms = append(m.norms, ops.GlobalNorm(n, gorgonia.Nodes{grad}))
	}
	return m
}
