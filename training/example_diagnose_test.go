package training_test

import (
	"context"
	"fmt"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/dataset"
)

// Eight layers of sigmoid units hardly learn; the doctor says why. fmt.Println(d)
// prints the table of the layers as well.
func ExampleDiagnose() {
	g := graph.New(graph.Config{Seed: 1})
	s := g.Scope()
	X := graph.Placeholder(s, "X", tensor.Float32, -1, 64)
	y := graph.Placeholder(s, "y", tensor.Int64, -1)
	h := X
	for i := 1; i <= 8; i++ {
		h = ops.Dense(s.Sub(fmt.Sprintf("hidden%d", i)), h, 50, ops.DenseConfig{Activation: ops.Sigmoid})
	}
	logits := ops.Dense(s.Sub("outputs"), h, 10, ops.DenseConfig{})
	loss := ops.Mean(s, ops.SparseSoftmaxCrossEntropy(s, y, logits))
	step := training.GradientDescent(training.GradientDescentConfig{LearningRate: 0.1}).Minimize(s.NameScope("train"), loss, g.Trainable())

	train, _, _, err := dataset.Digits()
	if err != nil {
		fmt.Println(err)
		return
	}
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
	d, err := training.Diagnose(context.Background(), sess, training.DiagnoseConfig{
		Step: step, Loss: loss, X: X, Y: y,
		Data: dataset.Batches(dataset.BatchesConfig{X: train.X, Y: train.Y}),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range d.Findings {
		fmt.Println(f.Trouble)
		fmt.Println(f.Remedy)
	}
	// Output:
	// vanishing gradients
	// Gradients fade on the way down to hidden1, hidden2, hidden3, hidden4: use ELU or ReLU with He initialisation (tanh with Xavier) instead of sigmoid or small weights, or add batch norm.
}
