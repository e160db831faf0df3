package training_test

import (
	"fmt"
	"log"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/dataset"
)

// Training the output layer on cached activations: the frozen layer below runs
// once for each image, then its output is fed in its place, and the step needs
// neither its placeholder nor its update ops.
func Example_fedActivation() {
	g := graph.New(graph.Config{Seed: 3})
	s := g.Scope()
	X := graph.Placeholder(s, "X", tensor.Float32, -1, 64)
	y := graph.Placeholder(s, "y", tensor.Int64, -1)
	isTraining := graph.PlaceholderWithDefault(s, "training", false)

	l := s.Sub("hidden1")
	hidden := ops.Dense(l, X, 100, ops.DenseConfig{Kernel: initializers.He(), NoBias: true})
	hidden = ops.BatchNorm(l, hidden, isTraining, ops.BatchNormConfig{})
	hidden = ops.ELU(l, hidden, 1)
	logits := ops.Dense(s.Sub("outputs"), hidden, 10, ops.DenseConfig{})
	loss := ops.Mean(s, ops.SparseSoftmaxCrossEntropy(s, y, logits))
	accuracy := ops.Accuracy(s, y, logits)
	opt := training.Adam(training.AdamConfig{LearningRate: 0.01})
	step := opt.Minimize(s.NameScope("train").After(g.UpdatesOf(loss)...), loss, g.Trainable("outputs"))

	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		log.Fatal(err)
	}
	defer sess.Close()
	if err := sess.Init(); err != nil {
		log.Fatal(err)
	}
	train, _, test, err := dataset.Digits()
	if err != nil {
		log.Fatal(err)
	}
	out, err := sess.Run(graph.Feeds{X: train.X}, hidden)
	if err != nil {
		log.Fatal(err)
	}
	cached := out.Tensor(0)
	fmt.Println("cached activations:", cached.Shape())

	batches := dataset.Batches(dataset.BatchesConfig{X: cached, Y: train.Y, BatchSize: 50})
	for epoch := 0; epoch < 5; epoch++ {
		for batches.Next() {
			// No X: what is fed cuts off all that is below it.
			if _, err := sess.Run(graph.Feeds{hidden: batches.X(), y: batches.Y(), isTraining: true}, step); err != nil {
				log.Fatal(err)
			}
		}
		batches.Reset()
	}
	if err := batches.Err(); err != nil {
		log.Fatal(err)
	}
	if out, err = sess.Run(graph.Feeds{X: test.X, y: test.Y}, accuracy); err != nil {
		log.Fatal(err)
	}
	fmt.Println("test accuracy over 0.9:", out.Float(0) > 0.9)
	// Output:
	// cached activations: (1257, 100)
	// test accuracy over 0.9: true
}
