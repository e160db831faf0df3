package main

import (
	"fmt"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/schedule"
)

// model is the convolutional net and the handles that training it needs.
type model struct {
	g                                    *graph.Graph
	x, y, training, loss, accuracy, step *gorgonia.Node
}

// build makes the graph of the net, for square images of so many pixels a side and a training of so many steps:
//
//	image -> [convolution 3x3 -> batch normalisation -> ReLU -> max pool 2x2] twice, of 32 and 64 filters
//	      -> dense, 128 units -> batch normalisation -> ReLU -> dropout -> dense, 10 classes
func build(o options, pixels, steps int) *model {
	g := graph.New(graph.Config{Seed: o.seed})
	s := g.Scope()
	X := graph.Placeholder(s, "X", tensor.Float32, -1, pixels, pixels, 1)
	y := graph.Placeholder(s, "y", tensor.Int64, -1)
	isTraining := graph.PlaceholderWithDefault(s, "training", false)

	he := initializers.He()
	normalised := func(l *graph.Scope, h *gorgonia.Node) *gorgonia.Node {
		return ops.ReLU(l, ops.BatchNorm(l, h, isTraining, ops.BatchNormConfig{Momentum: 0.9}))
	}
	cnn := s.NameScope("cnn")
	h := X
	for i, filters := range []int{32, 64} {
		l := cnn.Sub(fmt.Sprintf("conv%d", i+1))
		// Batch normalisation has a shift of its own in place of the bias.
		h = ops.Conv2D(l, h, filters, [2]int{3, 3}, ops.Conv2DConfig{Padding: ops.Same, Kernel: he, NoBias: true})
		h = ops.MaxPool2D(l, normalised(l, h), ops.MaxPool2DConfig{})
	}
	l := cnn.Sub("hidden")
	h = ops.Dense(l, ops.Flatten(l, h), 128, ops.DenseConfig{Kernel: he, NoBias: true})
	h = ops.Dropout(l, normalised(l, h), o.dropout, isTraining)
	logits := ops.Dense(cnn.Sub("outputs"), h, 10, ops.DenseConfig{Kernel: he})
	ls := s.NameScope("loss")
	loss := ops.Mean(ls, ops.SparseSoftmaxCrossEntropy(ls, y, logits))
	accuracy := ops.Accuracy(s.NameScope("eval"), y, logits)

	t := s.NameScope("train").After(g.UpdatesOf(loss)...)
	globalStep := training.GlobalStep(s)
	opt := training.Momentum(training.MomentumConfig{
		Momentum: 0.9, GlobalStep: globalStep,
		Schedule: schedule.Cosine(t, globalStep, schedule.CosineConfig{Initial: o.rate, DecaySteps: steps}),
	})
	step := opt.Minimize(t, loss, g.Trainable())
	return &model{g, X, y, isTraining, loss, accuracy, step}
}
