package main

import (
	"fmt"
	"path/filepath"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/transfer/tensorflow"
)

// saveLower trains a network on the embedded digits 0 to 4, saves it with its
// graph, and returns the path of the graph.
func saveLower(o options) (string, error) {
	train, test, err := digits(64, 0, 1, 2, 3, 4)
	if err != nil {
		return "", err
	}
	g := graph.New(graph.Config{Seed: o.seed})
	s := g.Scope()
	X := graph.Placeholder(s, "X", tensor.Float32, -1, 64)
	y := graph.Placeholder(s, "y", tensor.Int64, -1)
	dnn := s.NameScope("dnn")
	h := X
	for i, units := range []int{100, 50} {
		l := dnn.Sub(fmt.Sprintf("hidden%d", i+1))
		h = ops.ELU(l, ops.Dense(l, h, units, ops.DenseConfig{Kernel: initializers.He()}), 1)
	}
	logits := ops.Dense(dnn.Sub("outputs"), h, 5, ops.DenseConfig{})
	loss := ops.Mean(s, ops.SparseSoftmaxCrossEntropy(s, y, logits))
	step := training.Momentum(training.MomentumConfig{LearningRate: 0.05, Momentum: 0.9}).Minimize(s, loss, g.Trainable())

	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		return "", err
	}
	defer sess.Close()
	if err := sess.Init(); err != nil {
		return "", err
	}
	if err := fit(sess, training.FitConfig{Step: step, Loss: loss, X: X, Y: y, Epochs: o.epochs}, train, o.seed); err != nil {
		return "", err
	}
	accuracy, err := evaluate(sess, X, logits, test)
	if err != nil {
		return "", err
	}
	fmt.Printf("trained on the digits 0 to 4: accuracy %.4f on the test images\n", accuracy)

	saver := training.NewSaver(g.ModelVariables(), training.SaverConfig{})
	path, err := tensorflow.Save(sess, saver, filepath.Join(o.out, "my_model_0_to_4.ckpt"), tensorflow.ExportConfig{})
	return path + ".meta", err
}
