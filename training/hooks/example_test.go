package hooks_test

import (
	"context"
	"fmt"
	"log"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/dataset"
	"github.com/plexaura/plexaura/training/hooks"
)

// Fit on the embedded digits: evaluation after every epoch, and early stopping that gives the best
// weights back.
func Example() {
	train, validation, test, err := dataset.Digits()
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

	history, err := training.Fit(context.Background(), sess, training.FitConfig{
		Step: step, Loss: loss, X: X, Y: y, Epochs: 100,
		Data: dataset.Batches(dataset.BatchesConfig{X: train.X, Y: train.Y, Seed: 1}),
		Hooks: []training.Hook{
			&hooks.Evaluation{
				Data:    dataset.Batches(dataset.BatchesConfig{X: validation.X, Y: validation.Y, NoShuffle: true}),
				Metrics: map[string]*gorgonia.Node{"loss": loss, "accuracy": accuracy},
			},
			&hooks.EarlyStopping{Patience: 3},
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(history.Epochs) < 100, len(history.Epochs) > 4)
	best, err := training.Evaluate(context.Background(), sess, training.EvaluateConfig{
		Data: dataset.Batches(dataset.BatchesConfig{X: test.X, Y: test.Y}), X: X, Y: y,
		Metrics: map[string]*gorgonia.Node{"accuracy": accuracy},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("test accuracy above 0.95: %v\n", best["accuracy"] > 0.95)
	// Output:
	// true true
	// test accuracy above 0.95: true
}
