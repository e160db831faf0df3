package autoencoder_test

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
	"github.com/plexaura/plexaura/transfer/autoencoder"
	"github.com/plexaura/plexaura/transfer/pretrain"
)

// A stacked autoencoder in one graph, as in chapter 15 of Hands-On Machine Learning: first its outer pair of layers is trained, then the inner pair,
// with the outer one frozen; then, which the book does not do, all of it.
func ExampleNew() {
	ctx := context.Background()
	train, _, test, err := dataset.Digits()
	if err != nil {
		log.Fatal(err)
	}
	g := graph.New(graph.Config{Seed: 42})
	s := g.Scope()
	x := graph.Placeholder(s, "X", tensor.Float32, -1, 64)
	adam := func() training.Optimizer { return training.Adam(training.AdamConfig{LearningRate: 0.01}) }
	a, err := autoencoder.New(s, x, autoencoder.Config{
		Units: []int{40, 20}, Activation: ops.ELUWith(1), Kernel: initializers.He(), Regularizer: ops.L2(0.0001), Optimizer: adam,
	})
	if err != nil {
		log.Fatal(err)
	}
	step := adam().Minimize(s.NameScope("train"), a.Loss, g.Trainable())
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		log.Fatal(err)
	}
	defer sess.Close()

	report, err := a.Stack.Pretrain(ctx, sess, pretrain.Config{Data: train, Epochs: []int{20}})
	if err != nil {
		log.Fatal(err)
	}
	for _, l := range report.Layers {
		fmt.Printf("%s: %s -> %s, %d epochs\n", l.Name, l.Input, l.Output, l.Epochs)
	}
	measure := func() float64 {
		values, err := training.Evaluate(ctx, sess, training.EvaluateConfig{
			X: x, Data: dataset.Batches(dataset.BatchesConfig{X: test.X}), Metrics: map[string]*gorgonia.Node{"error": a.Error},
		})
		if err != nil {
			log.Fatal(err)
		}
		return values["error"]
	}
	greedy := measure()
	b := dataset.Batches(dataset.BatchesConfig{X: train.X, BatchSize: 100})
	if _, err := training.Fit(ctx, sess, training.FitConfig{Step: step, Data: b, X: x, Epochs: 20}); err != nil {
		log.Fatal(err)
	}
	fmt.Printf("test error below .025 layer by layer: %v, lower after the training as a whole: %v\n", greedy < 0.025, measure() < greedy)
	// Output:
	// layer1: float32[?, 64] -> float32[?, 40], 20 epochs
	// layer2: float32[?, 40] -> float32[?, 20], 20 epochs
	// test error below .025 layer by layer: true, lower after the training as a whole: true
}

// A variational autoencoder of digits, from which new ones are drawn.
func ExampleNewVariational() {
	ctx := context.Background()
	train, _, _, err := dataset.Digits()
	if err != nil {
		log.Fatal(err)
	}
	g := graph.New(graph.Config{Seed: 42})
	s := g.Scope()
	x := graph.Placeholder(s, "X", tensor.Float32, -1, 64)
	v, err := autoencoder.NewVariational(s, x, autoencoder.VariationalConfig{Hidden: []int{50}, Code: 4, Loss: autoencoder.CrossEntropy})
	if err != nil {
		log.Fatal(err)
	}
	sample := v.Sample(s.NameScope("sample"), 3)
	step := training.Adam(training.AdamConfig{LearningRate: 0.01}).Minimize(s.NameScope("train"), v.Loss, g.Trainable())
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		log.Fatal(err)
	}
	defer sess.Close()
	if err := sess.Init(); err != nil {
		log.Fatal(err)
	}
	b := dataset.Batches(dataset.BatchesConfig{X: train.X, BatchSize: 100})
	h, err := training.Fit(ctx, sess, training.FitConfig{Step: step, Loss: v.Loss, Data: b, X: x, Epochs: 20})
	if err != nil {
		log.Fatal(err)
	}
	_, nats := h.Series("loss")
	fmt.Printf("nats an example fall below 30: %v\n", nats[0] > 30 && nats[19] < 30)
	out, err := sess.Run(nil, sample)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("new digits:", out.Tensor(0).Shape())
	// Output:
	// nats an example fall below 30: true
	// new digits: (3, 64)
}
