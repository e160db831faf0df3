package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/dataset"
	"github.com/plexaura/plexaura/training/plots"
	"github.com/plexaura/plexaura/transfer/autoencoder"
	"github.com/plexaura/plexaura/transfer/pretrain"
)

// published is the squared error on the test images of MNIST in the book's notebook, trained on 55,000 images.
const published = ".0098"

// chapter15 trains the book's stacked autoencoder, two hidden layers and two that mirror them: first the outer pair of layers, then the inner one,
// which reconstructs what the first hidden layer gives, with the outer pair frozen.
func (o options) chapter15(ctx context.Context, data *images, r *report) error {
	r.printf("\nChapter 15: stacked autoencoder, layer by layer\n\n" +
		"| seed | layer1, validation | layer2, validation | whole, test | published for MNIST | seconds |\n|---|---|---|---|---|---|\n")
	for i := range o.seeds {
		seed := o.seed + int64(i)
		if err := o.stacked(ctx, data, seed, r, i == 0); err != nil {
			return fmt.Errorf("chapter 15, seed %d: %w", seed, err)
		}
	}
	return nil
}

// stacked does it with one seed.
func (o options) stacked(ctx context.Context, data *images, seed int64, r *report, draw bool) error {
	g := graph.New(graph.Config{Seed: seed})
	s := g.Scope()
	x := graph.Placeholder(s, "X", tensor.Float32, -1, data.pixels())
	units, epochs := []int{300, 150}, 4
	if o.short {
		units, epochs = []int{40, 20}, 20 // of 9 steps
	}
	a, err := autoencoder.New(s, x, autoencoder.Config{
		Units: units, Activation: ops.ELUWith(1), Kernel: initializers.He(), Regularizer: ops.L2(0.0001),
		Optimizer: func() training.Optimizer { return training.Adam(training.AdamConfig{LearningRate: 0.01}) },
	})
	if err != nil {
		return err
	}
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		return err
	}
	defer sess.Close()
	start := time.Now()
	cfg := pretrain.Config{Data: data.train, Validation: data.validation, Epochs: []int{epochs}, BatchSize: 150, KeepLast: true, Seed: seed}
	if o.verbose {
		cfg.Log = os.Stderr
	}
	report, err := a.Stack.Pretrain(ctx, sess, cfg)
	if err != nil {
		return err
	}
	took := time.Since(start)
	test, err := training.Evaluate(ctx, sess, training.EvaluateConfig{
		X: x, Data: dataset.Batches(dataset.BatchesConfig{X: data.test.X, BatchSize: 1000, NoShuffle: true}), Metrics: map[string]*gorgonia.Node{"error": a.Error},
	})
	if err != nil {
		return err
	}
	r.printf("| %d | %s | %s | %s | %s | %.1f |\n",
		seed, share(*report.Layers[0].Validation), share(*report.Layers[1].Validation), share(test["error"]), published, took.Seconds())
	if !draw || o.out == "" {
		return nil
	}
	p, err := reconstructions(sess, a, data)
	if err != nil {
		return err
	}
	return r.keep(filepath.Join(o.out, "chapter15.png"), p)
}

// reconstructions draws test images and, below them, what the autoencoder makes of them.
func reconstructions(sess *graph.Session, a *autoencoder.Autoencoder, data *images) (*plots.Picture, error) {
	some, err := data.test.Take(10)
	if err != nil {
		return nil, err
	}
	return a.Reconstructions(sess, graph.Feeds{a.Stack.Input(): some.X}, plots.ImageGridConfig{
		Title: "test images and their reconstructions", Height: data.side(), Width: data.side(), Columns: some.Len(), High: 1,
	})
}
