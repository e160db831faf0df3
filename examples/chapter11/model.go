package main

import (
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
)

// model is a classifier of images under construction, and what training it
// needs.
type model struct {
	g                    *graph.Graph
	s                    *graph.Scope
	x, y, training       *gorgonia.Node
	loss, accuracy, step *gorgonia.Node
	cached               *gorgonia.Node // the frozen output that is computed once; nil for none
}

// newModel begins a graph with its inputs: images, labels, and whether it
// trains.
func newModel(pixels int, seed int64) *model {
	g := graph.New(graph.Config{Seed: seed})
	s := g.Scope()
	return &model{
		g: g, s: s,
		x:        graph.Placeholder(s, "X", tensor.Float32, -1, pixels),
		y:        graph.Placeholder(s, "y", tensor.Int64, -1),
		training: graph.PlaceholderWithDefault(s, "training", false),
	}
}

// dense adds a layer with a name, dnn/NAME in the graph and NAME for its
// variables.
func (m *model) dense(x *gorgonia.Node, name string, units int, cfg ops.DenseConfig) *gorgonia.Node {
	return ops.Dense(m.s.NameScope("dnn").Sub(name), x, units, cfg)
}

// stack adds dense layers hidden1, hidden2, ... and the layer of outputs.
func (m *model) stack(x *gorgonia.Node, units []int, cfg ops.DenseConfig) *gorgonia.Node {
	for i, n := range units {
		x = m.dense(x, hidden(i+1), n, cfg)
	}
	cfg.Activation = nil
	return m.dense(x, "outputs", classes, cfg)
}

// learn adds loss, accuracy and the training step. It trains vars; all
// variables where there are none.
func (m *model) learn(logits *gorgonia.Node, opt training.Optimizer, vars ...*gorgonia.Node) {
	m.judge(logits)
	m.step = opt.Minimize(m.train(), m.loss, m.trained(vars))
}

// judge adds loss and accuracy.
func (m *model) judge(logits *gorgonia.Node) {
	ls := m.s.NameScope("loss")
	m.loss = training.TotalLoss(ls, ops.Mean(ls, ops.SparseSoftmaxCrossEntropy(ls, m.y, logits)))
	m.accuracy = ops.Accuracy(m.s.NameScope("eval"), m.y, logits)
}

// train is the scope of the training step, which runs after the updates of
// batch normalisation.
func (m *model) train() *graph.Scope {
	return m.s.NameScope("train").After(m.g.UpdatesOf(m.loss)...)
}

func (m *model) trained(vars gorgonia.Nodes) gorgonia.Nodes {
	if len(vars) == 0 {
		return m.g.Trainable()
	}
	return vars
}

// sgd is the optimizer of most experiments.
func sgd() training.Optimizer {
	return training.GradientDescent(training.GradientDescentConfig{LearningRate: 0.01})
}

// momentum is that of the others.
func momentum() training.Optimizer {
	return training.Momentum(training.MomentumConfig{LearningRate: 0.01, Momentum: 0.9})
}
