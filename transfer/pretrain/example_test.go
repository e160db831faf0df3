package pretrain_test

import (
	"context"
	"fmt"
	"log"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/dataset"
	"github.com/plexaura/plexaura/transfer"
	"github.com/plexaura/plexaura/transfer/autoencoder"
	"github.com/plexaura/plexaura/transfer/pretrain"
)

// Two layers learn from all digits without their labels; then a classifier on them learns from ten labelled digits of each class.
func ExampleStack_Pretrain() {
	ctx := context.Background()
	train, validation, test, err := dataset.Digits()
	if err != nil {
		log.Fatal(err)
	}
	g := graph.New(graph.Config{Seed: 42})
	s := g.Scope()
	x := graph.Placeholder(s, "X", tensor.Float32, -1, 64)
	y := graph.Placeholder(s, "y", tensor.Int64, -1)
	denoise := func(units int) pretrain.Layer {
		return autoencoder.Layer{Units: units, Tied: true, Loss: autoencoder.CrossEntropy, Corrupt: autoencoder.Masking(0.25)}
	}
	stack, err := pretrain.Build(s, x, denoise(80), denoise(40))
	if err != nil {
		log.Fatal(err)
	}
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		log.Fatal(err)
	}
	defer sess.Close()
	report, err := stack.Pretrain(ctx, sess, pretrain.Config{Data: train, Validation: validation, Epochs: []int{40}})
	if err != nil {
		log.Fatal(err)
	}
	for _, l := range report.Layers {
		fmt.Printf("%s: %s -> %s, %d parameters\n", l.Name, l.Input, l.Output, l.Trained)
	}

	transfer.Cut(g, stack.Output()) // the decoders are done with
	logits := transfer.Head(s.Sub("head"), stack.Output(), 10, transfer.HeadConfig{})
	loss := ops.Mean(s, ops.SparseSoftmaxCrossEntropy(s, y, logits))
	accuracy := ops.Accuracy(s, y, logits)
	step := training.Adam(training.AdamConfig{LearningRate: 0.01}).Minimize(s.NameScope("train"), loss, g.Trainable())
	if err := sess.Init(); err != nil {
		log.Fatal(err)
	}
	few, err := train.PerClass(10)
	if err != nil {
		log.Fatal(err)
	}
	b := dataset.Batches(dataset.BatchesConfig{X: few.X, Y: few.Y, BatchSize: 20})
	if _, err := training.Fit(ctx, sess, training.FitConfig{Step: step, Data: b, X: x, Y: y, Epochs: 100}); err != nil {
		log.Fatal(err)
	}
	score, err := training.Evaluate(ctx, sess, training.EvaluateConfig{
		X: x, Y: y, Data: dataset.Batches(dataset.BatchesConfig{X: test.X, Y: test.Y}), Metrics: map[string]*gorgonia.Node{"accuracy": accuracy},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("test accuracy above .85: %v\n", score["accuracy"] > 0.85)
	// Output:
	// layer1: float32[?, 64] -> float32[?, 80], 5264 parameters
	// layer2: float32[?, 80] -> float32[?, 40], 3320 parameters
	// test accuracy above .85: true
}
