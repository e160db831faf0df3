package cache_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/dataset"
	"github.com/plexaura/plexaura/transfer/cache"
)

// The lower layers are frozen, so they are computed once, and thirty epochs train what is above them. The next program that starts from
// the same weights and data finds the activations in the file.
func ExampleOpen() {
	ctx := context.Background()
	train, _, test, err := dataset.Digits()
	if err != nil {
		log.Fatal(err)
	}
	g := graph.New(graph.Config{Seed: 1})
	s := g.Scope()
	x := graph.Placeholder(s, "X", tensor.Float32, -1, 64)
	y := graph.Placeholder(s, "y", tensor.Int64, -1)
	h := ops.Dense(s.Sub("hidden1"), x, 200, ops.DenseConfig{Activation: ops.ReLU})
	h = ops.Dense(s.Sub("hidden2"), h, 100, ops.DenseConfig{Activation: ops.ReLU})
	logits := ops.Dense(s.Sub("outputs"), h, 10, ops.DenseConfig{})
	loss := ops.Mean(s, ops.SparseSoftmaxCrossEntropy(s, y, logits))
	accuracy := ops.Accuracy(s, y, logits)
	step := training.Adam(training.AdamConfig{LearningRate: 0.01}).Minimize(s, loss, g.Trainable("outputs"))
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		log.Fatal(err)
	}
	defer sess.Close()
	if err := sess.Init(); err != nil { // or the weights of a trained network
		log.Fatal(err)
	}

	path := filepath.Join(os.TempDir(), "plexaura-example-activations")
	defer os.Remove(path)
	defer os.Remove(path + ".lock")
	cfg := cache.Config{Nodes: gorgonia.Nodes{h}, X: x, Source: train, Path: path}
	frozen, err := cache.Open(ctx, sess, cfg)
	if err != nil {
		log.Fatal(err)
	}
	defer frozen.Close()
	fmt.Printf("%v; %d computed\n", frozen, frozen.Computed())

	b := dataset.Batches(dataset.BatchesConfig{Source: frozen, BatchSize: 50, Epochs: -1})
	defer b.Close()
	if _, err := training.Fit(ctx, sess, training.FitConfig{Step: step, Data: b, X: h, Y: y, Epochs: 30}); err != nil {
		log.Fatal(err)
	}
	out, err := sess.Run(graph.Feeds{x: test.X, y: test.Y}, accuracy)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("test accuracy above .9: %v\n", out.Float(0) > 0.9)

	again, err := cache.Open(ctx, sess, cfg)
	if err != nil {
		log.Fatal(err)
	}
	defer again.Close()
	fmt.Printf("%d computed\n", again.Computed())
	// Output:
	// 1257 examples: hidden2/relu float32 [100], labels int64 []; 1257 computed
	// test accuracy above .9: true
	// 0 computed
}
