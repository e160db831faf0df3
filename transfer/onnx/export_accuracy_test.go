package onnx

import (
	"path/filepath"
	"slices"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/dataset"
	"github.com/plexaura/plexaura/transfer/network"
)

// trained is a network of convolutions that has learned digits, with the classes that it gives those of the test set.
type trained struct {
	model   *Model
	images  *tensor.Dense
	labels  []int64
	classes []int64
}

func trainDigits(t *testing.T) trained {
	t.Helper()
	train, _, test, err := dataset.Digits()
	if err != nil {
		t.Fatal(err)
	}
	g := graph.New(graph.Config{Seed: 42})
	s := g.Scope()
	x := graph.Placeholder(s, "x", tensor.Float32, -1, 64)
	y := graph.Placeholder(s, "y", tensor.Int64, -1)
	isTraining := graph.PlaceholderWithDefault(s, "training", false)
	h := ops.Conv2D(s.Sub("conv1"), ops.Reshape(s, x, -1, 8, 8, 1), 8, [2]int{3, 3}, ops.Conv2DConfig{Padding: ops.Same, NoBias: true})
	h = ops.MaxPool2D(s, ops.ReLU(s, ops.BatchNorm(s.Sub("norm"), h, isTraining, ops.BatchNormConfig{Momentum: 0.9})), ops.MaxPool2DConfig{})
	h = ops.Dropout(s, ops.Flatten(s, h), 0.2, isTraining)
	logits := graph.Name(s, "logits", ops.Dense(s.Sub("outputs"), h, 10, ops.DenseConfig{}))
	loss := ops.Mean(s, ops.SparseSoftmaxCrossEntropy(s, y, logits))
	step := training.Adam(training.AdamConfig{LearningRate: 0.01}).Minimize(s.After(g.UpdatesOf(loss)...), loss, g.Trainable())
	classes := ops.ArgMax(s, logits, -1)
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer sess.Close()
	if err := sess.Init(); err != nil {
		t.Fatal(err)
	}
	batches := dataset.Batches(dataset.BatchesConfig{X: train.X, Y: train.Y, BatchSize: 64, Seed: 1})
	for range 3 {
		for batches.Next() {
			if _, err := sess.Run(graph.Feeds{x: batches.X(), y: batches.Y(), isTraining: true}, step); err != nil {
				t.Fatal(err)
			}
		}
		batches.Reset()
	}
	out, err := sess.Run(graph.Feeds{x: test.X}, classes)
	if err != nil {
		t.Fatal(err)
	}
	n := trained{images: test.X.(*tensor.Dense), labels: test.Y.Data().([]int64), classes: out.Int64s(0)}
	if n.model, err = Export(sess, gorgonia.Nodes{classes}, ExportConfig{}); err != nil {
		t.Fatal(err)
	}
	if a := n.accuracy(n.classes); a < 0.9 {
		t.Fatalf("the network has learned nothing: its accuracy is %v", a)
	}
	return n
}

func (n trained) accuracy(classes []int64) float64 {
	right := 0
	for i, c := range classes {
		if c == n.labels[i] {
			right++
		}
	}
	return float64(right) / float64(len(n.labels))
}

func (n trained) wantClasses(t *testing.T, classes []int64) {
	t.Helper()
	if !slices.Equal(classes, n.classes) {
		t.Errorf("the accuracy is %v; want %v, with the same classes", n.accuracy(classes), n.accuracy(n.classes))
	}
}

// TestExportTrained: a network that was trained here gives every test image the class that it gave it.
func TestExportTrained(t *testing.T) {
	n := trainDigits(t)
	g := graph.New(graph.Config{})
	net, err := n.model.Import(g.Scope(), network.Config{})
	if err != nil {
		t.Fatal(err)
	}
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer sess.Close()
	if err := sess.Init(); err != nil {
		t.Fatal(err)
	}
	out, err := sess.Run(graph.Feeds{net.Inputs[0].Node: n.images}, net.Outputs[0].Node)
	if err != nil {
		t.Fatal(err)
	}
	n.wantClasses(t, out.Int64s(0))
}

func TestExportTrainedByONNXRuntime(t *testing.T) {
	runtime := golden.StartONNXRuntime(t)
	n := trainDigits(t)
	path := filepath.Join(t.TempDir(), "digits.onnx")
	if err := n.model.Save(path); err != nil {
		t.Fatal(err)
	}
	out, err := runtime.Run(path, map[string]*tensor.Dense{"x": n.images})
	if err != nil {
		t.Fatal(err)
	}
	n.wantClasses(t, out["ArgMax"].Data().([]int64))
}
