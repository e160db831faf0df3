package training_test

import (
	"context"
	"fmt"
	"log"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/dataset"
)

// The same training as Fit's, in one's own hands: what stands between two steps is plain code.
func ExampleLoop() {
	train, validation, _, err := dataset.Digits()
	if err != nil {
		log.Fatal(err)
	}
	g := graph.New(graph.Config{Seed: 42})
	s := g.Scope()
	X := graph.Placeholder(s, "X", tensor.Float32, -1, 64)
	y := graph.Placeholder(s, "y", tensor.Int64, -1)
	hidden := ops.Dense(s.Sub("hidden"), X, 100, ops.DenseConfig{Kernel: initializers.He(), Activation: ops.ReLU})
	logits := ops.Dense(s.Sub("outputs"), hidden, 10, ops.DenseConfig{})
	loss := ops.Mean(s.NameScope("loss"), ops.SparseSoftmaxCrossEntropy(s, y, logits))
	accuracy := ops.Accuracy(s.NameScope("eval"), y, logits)
	step := training.Adam(training.AdamConfig{LearningRate: 0.01}).Minimize(s.NameScope("train"), loss, g.Trainable())
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		log.Fatal(err)
	}
	defer sess.Close()
	if err := sess.Init(); err != nil {
		log.Fatal(err)
	}

	ctx := context.Background()
	batches := dataset.Batches(dataset.BatchesConfig{X: train.X, Y: train.Y, Seed: 1})
	l, err := training.NewLoop(sess, training.FitConfig{Step: step, Loss: loss, X: X, Y: y, Data: batches, Epochs: 100})
	if err != nil {
		log.Fatal(err)
	}
	for l.Next(ctx) {
		if l.EpochStep() < l.EpochSteps() {
			continue
		}
		// An epoch is done. Enough, once the model is right on the validation images.
		out, err := sess.Run(graph.Feeds{X: validation.X, y: validation.Y}, accuracy)
		if err != nil {
			log.Fatal(err)
		}
		if err := l.Record("validation/accuracy", out.Float(0)); err != nil {
			log.Fatal(err)
		}
		if out.Float(0) > 0.95 {
			break
		}
	}
	if err := l.Close(); err != nil {
		log.Fatal(err)
	}
	reached, _ := l.History().Last("validation/accuracy")
	fmt.Println("above 0.95:", reached > 0.95, "in ten epochs:", l.Epoch() <= 10)
	// Output:
	// above 0.95: true in ten epochs: true
}
