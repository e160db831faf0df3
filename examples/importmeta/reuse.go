package main

import (
	"fmt"
	"path/filepath"
	"strings"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/transfer/network"
	"github.com/plexaura/plexaura/transfer/tensorflow"
)

// reuse imports the graph, restores it, and trains new outputs for the digits 5 to
// 9 on its hidden layer, with 30 images of each.
func reuse(o options) (float64, error) {
	file, err := tensorflow.OpenGraph(o.meta) // tf.train.import_meta_graph
	if err != nil {
		return 0, err
	}
	defer file.Close()
	g := graph.New(graph.Config{Seed: o.seed})
	s := g.Scope()
	net, err := file.Import(s, network.Config{Outputs: []string{o.hidden, o.logits}})
	if err != nil {
		return 0, err
	}
	X, err := net.Node(o.input)
	if err != nil {
		return 0, err
	}
	hidden, logits := net.Outputs[0].Node, net.Outputs[1].Node
	restored := g.ModelVariables()

	// The new outputs. Only their variables are given to the optimizer, so that the layers below are frozen.
	y := graph.Placeholder(s, "new/y", tensor.Int64, -1)
	newLogits := ops.Dense(s.Sub("new_outputs"), hidden, 5, ops.DenseConfig{})
	t := s.NameScope("new")
	loss := ops.Mean(t, ops.SparseSoftmaxCrossEntropy(t, y, newLogits))
	optimizer := training.Momentum(training.MomentumConfig{LearningRate: 0.02, Momentum: 0.9})
	step := optimizer.Minimize(t, loss, g.Trainable("new_outputs/"))

	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		return 0, err
	}
	defer sess.Close()
	checkpoint := strings.TrimSuffix(o.meta, ".meta")
	if err := training.NewSaver(restored, training.SaverConfig{}).Restore(sess, checkpoint); err != nil {
		return 0, err
	}
	if err := sess.Init(); err != nil { // of what was not restored
		return 0, err
	}
	pixels, classes := graph.SpecOf(X).Shape[1], make([]int, graph.SpecOf(logits).Shape[1])
	for i := range classes {
		classes[i] = i
	}
	_, test, err := digits(pixels, classes...)
	if err != nil {
		return 0, err
	}
	accuracy, err := evaluate(sess, X, logits, test)
	if err != nil {
		return 0, err
	}
	fmt.Printf("%s: %d variables restored, accuracy %.4f on the digits 0 to %d\n", filepath.Base(o.meta), len(restored), accuracy, len(classes)-1)

	train, test, err := digits(pixels, 5, 6, 7, 8, 9)
	if err != nil {
		return 0, err
	}
	if train, err = train.PerClass(30); err != nil {
		return 0, err
	}
	if err := fit(sess, training.FitConfig{Step: step, Loss: loss, X: X, Y: y, Epochs: o.epochs}, train, o.seed); err != nil {
		return 0, err
	}
	if accuracy, err = evaluate(sess, X, newLogits, test); err != nil {
		return 0, err
	}
	fmt.Printf("new outputs on %s, trained on %d images: accuracy %.4f on the digits 5 to 9\n", o.hidden, train.Len(), accuracy)

	saver := training.NewSaver(g.ModelVariables(), training.SaverConfig{})
	path, err := tensorflow.Save(sess, saver, filepath.Join(o.out, "my_model_5_to_9.ckpt"), tensorflow.ExportConfig{})
	if err != nil {
		return 0, err
	}
	fmt.Printf("saved with its graph as %s\n", path)
	return accuracy, nil
}
