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

// Mixup makes soft labels of class ids, so the training has a placeholder for those; the validation,
// whose labels are class ids, has one of its own.
func ExampleEvaluation_mixup() {
	train, validation, _, err := dataset.Digits()
	if err != nil {
		log.Fatal(err)
	}
	g := graph.New(graph.Config{Seed: 42})
	s := g.Scope()
	X := graph.Placeholder(s, "X", tensor.Float32, -1, 64)
	soft := graph.Placeholder(s, "soft", tensor.Float32, -1, 10)
	y := graph.Placeholder(s, "y", tensor.Int64, -1)
	hidden := ops.Dense(s.Sub("hidden"), X, 100, ops.DenseConfig{Kernel: initializers.He(), Activation: ops.ReLU})
	logits := ops.Dense(s.Sub("outputs"), hidden, 10, ops.DenseConfig{})
	mixed := ops.Mean(s.NameScope("mixed_loss"), ops.SoftmaxCrossEntropy(s, soft, logits))
	loss := ops.Mean(s.NameScope("loss"), ops.SparseSoftmaxCrossEntropy(s, y, logits))
	accuracy := ops.Accuracy(s.NameScope("eval"), y, logits)
	step := training.Adam(training.AdamConfig{LearningRate: 0.01}).Minimize(s.NameScope("train"), mixed, g.Trainable())
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		log.Fatal(err)
	}
	defer sess.Close()
	if err := sess.Init(); err != nil {
		log.Fatal(err)
	}

	batches := dataset.Batches(dataset.BatchesConfig{
		Source: train, Seed: 1, Epochs: -1, MapBatch: []dataset.BatchTransform{dataset.Mixup(0.2, 10)},
	})
	defer batches.Close()
	history, err := training.Fit(context.Background(), sess, training.FitConfig{
		Step: step, Loss: mixed, X: X, Y: soft, Data: batches, Epochs: 10,
		Hooks: []training.Hook{&hooks.Evaluation{
			Data: dataset.Batches(dataset.BatchesConfig{Source: validation, NoShuffle: true}), Y: y,
			Metrics: map[string]*gorgonia.Node{"loss": loss, "accuracy": accuracy},
		}},
	})
	if err != nil {
		log.Fatal(err)
	}
	last, _ := history.Last("validation/accuracy")
	fmt.Printf("validation accuracy above 0.95: %v\n", last > 0.95)
	// Output:
	// validation accuracy above 0.95: true
}
