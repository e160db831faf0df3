package main

import (
	"fmt"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/dataset"
)

// model is the deep net and the handles that training it needs.
type model struct {
	g                                    *graph.Graph
	x, y, training, loss, accuracy, step *gorgonia.Node
}

// build makes the graph: two hidden layers of batch-normalised ELU units.
func build(seed int64, rate float64) *model {
	g := graph.New(graph.Config{Seed: seed})
	s := g.Scope()
	X := graph.Placeholder(s, "X", tensor.Float32, -1, 64)
	y := graph.Placeholder(s, "y", tensor.Int64, -1)
	isTraining := graph.PlaceholderWithDefault(s, "training", false)

	dnn := s.NameScope("dnn")
	he := initializers.He()
	h := X
	for i, units := range []int{300, 100} {
		l := dnn.Sub(fmt.Sprintf("hidden%d", i+1))
		h = ops.Dense(l, h, units, ops.DenseConfig{Kernel: he, NoBias: true})
		h = ops.BatchNorm(l, h, isTraining, ops.BatchNormConfig{Momentum: 0.9})
		h = ops.ELU(l, h, 1)
	}
	logits := ops.Dense(dnn.Sub("outputs"), h, 10, ops.DenseConfig{Kernel: he})
	ls := s.NameScope("loss")
	loss := ops.Mean(ls, ops.SparseSoftmaxCrossEntropy(ls, y, logits))
	accuracy := ops.Accuracy(s.NameScope("eval"), y, logits)

	t := s.NameScope("train").After(g.UpdatesOf(loss)...)
	opt := training.GradientDescent(training.GradientDescentConfig{LearningRate: rate})
	grads := opt.ComputeGradients(t, loss, g.Trainable())
	step := opt.ApplyGradients(t, training.ClipByValue(t, grads, -1, 1))
	return &model{g, X, y, isTraining, loss, accuracy, step}
}

// evaluate returns the share of images that the model classifies rightly.
func (m *model) evaluate(sess *graph.Session, set *dataset.Set) (float64, error) {
	out, err := sess.Run(graph.Feeds{m.x: set.X, m.y: set.Y}, m.accuracy)
	if err != nil {
		return 0, err
	}
	return out.Float(0), nil
}
