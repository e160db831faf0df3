package main

import (
	"context"
	"math"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/dataset"
)

// steps are those of gradient descent on all images with labels.
const steps = 300

// classify trains a logistic regression on the first n images of each class of a draw and returns the share of test images that it classifies rightly.
func (o options) classify(ctx context.Context, pool, test *dataset.Set, draw, n int) (float64, error) {
	first := draw * most * classes
	train, err := pool.Slice(first, first+n*classes)
	if err != nil {
		return 0, err
	}
	z, err := dataset.NewStandardizer(train)
	if err != nil {
		return 0, err
	}
	oneScale(z)
	if train, err = z.Apply(train); err != nil {
		return 0, err
	}
	if test, err = z.Apply(test); err != nil {
		return 0, err
	}
	g := graph.New(graph.Config{})
	s := g.Scope()
	x := graph.Placeholder(s, "X", tensor.Float32, -1, train.X.Shape()[1])
	y := graph.Placeholder(s, "y", tensor.Int64, -1)
	logits := ops.Dense(s.Sub("logits"), x, classes, ops.DenseConfig{Kernel: initializers.Zeros(), KernelRegularizer: ops.L2(o.l2)})
	loss := training.TotalLoss(s, ops.Mean(s, ops.SparseSoftmaxCrossEntropy(s, y, logits)))
	accuracy := ops.Accuracy(s, y, logits)
	step := training.Adam(training.AdamConfig{LearningRate: 0.01}).Minimize(s, loss, g.Trainable())
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		return 0, err
	}
	defer sess.Close()
	if err := sess.Init(); err != nil {
		return 0, err
	}
	_, err = training.Fit(ctx, sess, training.FitConfig{
		Step: step, X: x, Y: y, Epochs: steps,
		Data: dataset.Batches(dataset.BatchesConfig{X: train.X, Y: train.Y, BatchSize: train.Len(), NoShuffle: true}),
	})
	if err != nil {
		return 0, err
	}
	score, err := training.Evaluate(ctx, sess, training.EvaluateConfig{
		X: x, Y: y, Metrics: map[string]*gorgonia.Node{"accuracy": accuracy},
		Data: dataset.Batches(dataset.BatchesConfig{X: test.X, Y: test.Y, BatchSize: 1000, NoShuffle: true}),
	})
	return score["accuracy"], err
}

// oneScale gives all features one deviation, the root of their mean variance. The own deviation of a feature may be tiny by chance among so few
// images, such as that of a pixel at the border, which then would count for much elsewhere.
func oneScale(z *dataset.Standardizer) {
	variance := 0.0
	for _, d := range z.Std {
		variance += d * d / float64(len(z.Std))
	}
	for i := range z.Std {
		z.Std[i] = math.Sqrt(variance)
	}
}
