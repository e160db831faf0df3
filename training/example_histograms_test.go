package training_test

import (
	"fmt"
	"log"
	"strings"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/dataset"
)

// What weights, activations and gradients of a new net look like. p.Save("weights.svg") keeps a picture, and a notebook shows it; here it is
// told in words.
func ExampleHistograms() {
	g := graph.New(graph.Config{Seed: 1})
	s := g.Scope()
	X := graph.Placeholder(s, "X", tensor.Float32, -1, 64)
	y := graph.Placeholder(s, "y", tensor.Int64, -1)
	hidden1 := ops.Dense(s.Sub("hidden1"), X, 100, ops.DenseConfig{Kernel: initializers.He(), Activation: ops.ReLU})
	hidden2 := ops.Dense(s.Sub("hidden2"), hidden1, 50, ops.DenseConfig{Kernel: initializers.He(), Activation: ops.ReLU})
	logits := ops.Dense(s.Sub("outputs"), hidden2, 10, ops.DenseConfig{})
	loss := ops.Mean(s, ops.SparseSoftmaxCrossEntropy(s, y, logits))
	opt := training.GradientDescent(training.GradientDescentConfig{LearningRate: 0.1})
	grads := opt.ComputeGradients(s.NameScope("train"), loss, g.Trainable(".*/kernel"))

	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		log.Fatal(err)
	}
	defer sess.Close()
	if err := sess.Init(); err != nil {
		log.Fatal(err)
	}
	_, validation, _, err := dataset.Digits()
	if err != nil {
		log.Fatal(err)
	}
	feeds := graph.Feeds{X: validation.X, y: validation.Y}
	weights, err := training.Histograms(sess, nil, g.Trainable(".*/kernel")...)
	if err != nil {
		log.Fatal(err)
	}
	activations, err := training.Histograms(sess, feeds, hidden1, hidden2)
	if err != nil {
		log.Fatal(err)
	}
	gradients, err := training.GradientHistograms(sess, feeds, grads)
	if err != nil {
		log.Fatal(err)
	}
	for _, p := range []fmt.Stringer{weights, activations, gradients} {
		for _, line := range strings.Split(p.String(), "\n") {
			name, _, _ := strings.Cut(line, ", mean")
			fmt.Println(name)
		}
	}
	// Output:
	// hidden1/kernel: 6400 values
	// hidden2/kernel: 5000 values
	// outputs/kernel: 500 values
	// hidden1/relu: 18000 values
	// hidden2/relu: 9000 values
	// Gradients
	// hidden1/kernel: 6400 values
	// hidden2/kernel: 5000 values
	// outputs/kernel: 500 values
}
