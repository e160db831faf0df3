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
	"github.com/plexaura/plexaura/training/dataset/image"
)

// Training on pictures that are shifted and turned by a little, otherwise in every epoch; they are made while the net computes.
func ExampleFit_augmentation() {
	train, validation, _, err := dataset.Digits()
	if err != nil {
		log.Fatal(err)
	}
	g := graph.New(graph.Config{Seed: 42})
	s := g.Scope()
	X := graph.Placeholder(s, "X", tensor.Float32, -1, 64) // 8x8 pixels; image takes a square number for such a picture
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

	batches := dataset.Batches(dataset.BatchesConfig{
		Source: train,
		Map:    []dataset.Transform{image.Augment(image.AugmentConfig{Shift: 0.5, Rotate: 10})},
		Epochs: -1, // go on making batches ahead at the end of an epoch
	})
	defer batches.Close()
	if _, err := training.Fit(context.Background(), sess, training.FitConfig{Step: step, Loss: loss, X: X, Y: y, Data: batches, Epochs: 10}); err != nil {
		log.Fatal(err)
	}
	out, err := sess.Run(graph.Feeds{X: validation.X, y: validation.Y}, accuracy)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("above 0.95:", out.Float(0) > 0.95)
	// Output:
	// above 0.95: true
}
