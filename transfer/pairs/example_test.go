package pairs_test

import (
	"context"
	"fmt"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/dataset"
	"github.com/plexaura/plexaura/transfer/pairs"
)

// embed is a small network that places a digit in a space of eight dimensions.
func embed(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	h := ops.Dense(s.Sub("hidden1"), x, 64, ops.DenseConfig{Kernel: initializers.He(), Activation: ops.ReLU})
	return ops.Dense(s.Sub("embedding"), h, 8, ops.DenseConfig{})
}

// A siamese network learns from pairs to place digits of one kind near each other.
func ExampleSiamese() {
	images, _, unseen, err := dataset.Digits()
	if err != nil {
		fmt.Println(err)
		return
	}
	train, err := pairs.New(images, pairs.Config{Seed: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	test, err := pairs.New(unseen, pairs.Config{Fixed: true, Count: 400})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(train)

	g := graph.New(graph.Config{Seed: 1})
	s := g.Scope()
	x := graph.Placeholder(s, "X", tensor.Float32, -1, 2, 64)
	y := graph.Placeholder(s, "y", tensor.Int64, -1)
	both := pairs.Siamese(s, x, embed, pairs.SiameseConfig{})
	loss := ops.Mean(s, ops.ContrastiveLoss(s, y, both[0], both[1], 1))
	near := ops.Less(s, ops.EuclideanDistance(s, both[0], both[1]), graph.Const(s, 0.5))
	right := ops.Mean(s, ops.Cast(s, ops.Equal(s, near, ops.Cast(s, y, tensor.Bool)), tensor.Float32))
	step := training.Adam(training.AdamConfig{}).Minimize(s, loss, g.Trainable())

	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer sess.Close()
	if err := sess.Init(); err != nil {
		fmt.Println(err)
		return
	}
	_, err = training.Fit(context.Background(), sess, training.FitConfig{Step: step, X: x, Y: y, Epochs: 20,
		Data: dataset.Batches(dataset.BatchesConfig{Source: train, BatchSize: 50})})
	if err != nil {
		fmt.Println(err)
		return
	}
	result, err := training.Evaluate(context.Background(), sess, training.EvaluateConfig{X: x, Y: y, Metrics: map[string]*gorgonia.Node{"right": right},
		Data: dataset.Batches(dataset.BatchesConfig{Source: test, NoShuffle: true})})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("more than 9 of 10 pairs of unseen digits are told right:", result["right"] > 0.9)
	// Output:
	// 1257 pairs of 1257 examples of 10 classes, half of them of one class, seed 1
	// more than 9 of 10 pairs of unseen digits are told right: true
}

// Batches of several digits of each kind let the loss look for hard triplets by itself.
func ExampleClasses() {
	images, _, _, err := dataset.Digits()
	if err != nil {
		fmt.Println(err)
		return
	}
	train, err := pairs.Classes(images, pairs.ClassesConfig{Classes: 5, PerClass: 3})
	if err != nil {
		fmt.Println(err)
		return
	}
	b := dataset.Batches(dataset.BatchesConfig{Source: train, BatchSize: train.BatchSize(), NoShuffle: true})
	defer b.Close()
	b.Next()
	fmt.Println(b.Y())

	g := graph.New(graph.Config{})
	s := g.Scope()
	x := graph.Placeholder(s, "X", tensor.Float32, -1, 64)
	y := graph.Placeholder(s, "y", tensor.Int64, -1)
	loss := ops.TripletHardLoss(s, y, embed(s, x), ops.TripletHardConfig{Soft: true})
	fmt.Println(graph.SpecOf(loss), g.Err())
	// Output:
	// [0  0  0  6  ... 8  4  4  4]
	// float32[] <nil>
}
