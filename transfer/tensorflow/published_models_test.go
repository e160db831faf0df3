package tensorflow

import (
	"math"
	"path/filepath"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/transfer/network"
	"github.com/plexaura/plexaura/transfer/npz"
	"github.com/plexaura/plexaura/transfer/weights/weightstest"
)

// imported is a network with a session on its graph, its variables initialised.
type imported struct {
	*network.Network
	graph *graph.Graph
	sess  *graph.Session
}

func importFile(t *testing.T, path string, cfg network.Config) imported {
	t.Helper()
	file, err := OpenGraph(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { file.Close() })
	g := graph.New(graph.Config{})
	net, err := file.Import(g.Scope(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { sess.Close() })
	if err := sess.Init(); err != nil {
		t.Fatal(err)
	}
	return imported{net, g, sess}
}

// run computes a node by its name in the file.
func (n imported) run(t *testing.T, feeds graph.Feeds, name string) []float32 {
	t.Helper()
	x, err := n.Node(name)
	if err != nil {
		t.Fatal(err)
	}
	out, err := n.sess.Run(feeds, x)
	if err != nil {
		t.Fatal(err)
	}
	return out.Float32s(0)
}

// expect compares values with those of a file.
func expect(t *testing.T, got []float32, dir, file, name string) {
	t.Helper()
	f, err := npz.Open(filepath.Join(dir, file))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	x, err := f.Read(name)
	if err != nil {
		t.Fatal(err)
	}
	var want []float64
	switch v := x.Data().(type) {
	case []float64:
		want = v
	case []float32:
		for _, e := range v {
			want = append(want, float64(e))
		}
	}
	if len(want) == 0 || len(got) < len(want) {
		t.Fatalf("%s: %d values; want %d", name, len(got), len(want))
	}
	for i, w := range want {
		if d := math.Abs(float64(got[i]) - w); !(d <= 1e-5*math.Max(1, math.Abs(w))) {
			t.Fatalf("%s: element %d is %v; want %v", name, i, got[i], w)
		}
	}
}

// floats reads an array and divides it.
func floats(t *testing.T, path, name string, by float32) *tensor.Dense {
	f, err := npz.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	x, err := f.Read(name)
	if err != nil {
		t.Fatal(err)
	}
	var out []float32
	switch v := x.Data().(type) {
	case []uint8:
		for _, e := range v {
			out = append(out, float32(e)/by)
		}
	case []float64:
		for _, e := range v {
			out = append(out, float32(e)/by)
		}
	case []float32:
		out = v
	}
	return tensor.New(tensor.WithShape(x.Shape()...), tensor.WithBacking(out))
}

// A frozen graph computes what it did; its constants that are weights can be trained.
func TestPublishedFrozenGraph(t *testing.T) {
	dir := weightstest.Published(t, "graphs", "cifar10-cnn-frozen")
	n := importFile(t, filepath.Join(dir, "frozen_graph.pb"), network.Config{})
	images := floats(t, filepath.Join(dir, "expected.npz"), "images_u8", 255)
	feeds := graph.Feeds{n.Inputs[0].Node: images}
	for _, name := range []string{"conv2d/Relu", "max_pooling2d_2/MaxPool", "dense/Relu", "dense_1/BiasAdd", "dense_1/Softmax"} {
		expect(t, n.run(t, feeds, name), dir, "expected.npz", strings.ReplaceAll(name, "/", "__"))
	}
	if len(n.Inputs) != 1 || len(n.Outputs) != 1 || n.Inputs[0].Name != "conv2d_input" || n.Outputs[0].Name != "dense_1/Softmax" {
		t.Errorf("inputs %v, outputs %v", n.Inputs, n.Outputs)
	}
	if got := n.graph.Trainable(); len(got) != 10 || n.graph.NameOf(got[0]) != "conv2d/kernel" {
		t.Errorf("%d variables are trained, the first %v", len(got), got)
	}

	// Any tensor can be an input, and the graph below it is not built.
	file, err := OpenGraph(filepath.Join(dir, "frozen_graph.pb"))
	if err != nil {
		t.Fatal(err)
	}
	g := graph.New(graph.Config{})
	features := graph.Placeholder(g.Scope(), "features", tensor.Float32, -1, 1024)
	head, err := file.Import(g.Scope().Sub("head"), network.Config{Inputs: map[string]*gorgonia.Node{"dense/Relu:0": features}, Outputs: []string{"dense_1/BiasAdd:0"}})
	if err != nil {
		t.Fatal(err)
	}
	if got := g.Variables(); len(got) != 2 || g.NameOf(got[0]) != "head/dense_1/kernel" || len(head.Inputs) != 1 || head.Inputs[0].Node != features {
		t.Errorf("variables %v, inputs %v", got, head.Inputs)
	}
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer sess.Close()
	if err := sess.Init(); err != nil {
		t.Fatal(err)
	}
	out, err := sess.Run(graph.Feeds{features: floats(t, filepath.Join(dir, "expected.npz"), "dense__Relu", 1)}, head.Outputs[0].Node)
	if err != nil {
		t.Fatal(err)
	}
	expect(t, out.Float32s(0), dir, "expected.npz", "dense_1__BiasAdd")
	if w, err := file.Weights(); err != nil || len(w.Names()) != 14 {
		t.Errorf("%v constants, %v", w.Names(), err)
	}
}

// A SavedModel of TensorFlow 2 is functions that call each other; its variables are beside it.
func TestPublishedSavedModel(t *testing.T) {
	dir := weightstest.Published(t, "keras", "mnist-cnn")
	whole, labels := mnistTest(t)
	images := whole.Data().([]float32)
	for _, path := range []string{"saved_model", "saved_model/saved_model.pb"} {
		n := importFile(t, filepath.Join(dir, path), network.Config{})
		if len(n.Inputs) != 1 || len(n.Outputs) != 1 || n.Inputs[0].Name != "conv2d_4_input" || n.Outputs[0].Name != "dense_3" {
			t.Fatalf("inputs %v, outputs %v", n.Inputs, n.Outputs)
		}
		if got := n.graph.Trainable(); len(got) != 10 || n.graph.NameOf(got[0]) != "conv2d_4/kernel" {
			t.Errorf("%d variables are trained, the first %v", len(got), got)
		}
		classes, correct := ops.ArgMax(n.graph.Scope(), n.Outputs[0].Node, 1), 0
		for from := 0; from < len(labels); from += 500 {
			batch := tensor.New(tensor.WithShape(500, 28, 28, 1), tensor.WithBacking(images[from*28*28:(from+500)*28*28]))
			feeds := graph.Feeds{n.Inputs[0].Node: batch}
			if from == 0 {
				expect(t, n.run(t, feeds, "dense_3/BiasAdd"), dir, "expected.npz", "logits_first100")
			}
			out, err := n.sess.Run(feeds, classes)
			if err != nil {
				t.Fatal(err)
			}
			for i, class := range out.Int64s(0) {
				if class == int64(labels[from+i]) {
					correct++
				}
			}
		}
		if correct != 9900 {
			t.Errorf("%d of 10000 are right; want 9900", correct)
		}
	}
}

// The RNN is a while loop. What its training needs besides, such as stacks, is not listed, since no output needs it.
func TestPublishedLoop(t *testing.T) {
	file, err := OpenGraph(weightstest.Published(t, "tf1-checkpoints", "rnn-time-series", "my_time_series_model.meta"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = file.Import(graph.New(graph.Config{}).Scope(), network.Config{})
	if err == nil {
		t.Fatal("no error")
	}
	want := "TensorFlow: the graph: ops that are not supported: Enter (11), Exit (4), LoopCond (1), NextIteration (4), TensorArrayGatherV3 (1), " +
		"TensorArrayReadV3 (1), TensorArrayScatterV3 (1), TensorArraySizeV3 (1), TensorArrayV3 (2), TensorArrayWriteV3 (1)"
	if err.Error() != want {
		t.Errorf("got %v; want %s", err, want)
	}
}

// A graph without inputs named and its checkpoint are restored by Init when both are opened together.
func TestPublishedRegression(t *testing.T) {
	dir := weightstest.Published(t, "tf1-checkpoints", "logreg-moons")
	n := importFile(t, filepath.Join(dir, "my_logreg_model"), network.Config{})
	x, err := n.Node("X")
	if err != nil {
		t.Fatal(err)
	}
	got := n.run(t, graph.Feeds{x: floats(t, filepath.Join(dir, "expected_outputs.npz"), "input", 1)}, "Sigmoid")
	expect(t, got, dir, "expected_outputs.npz", "output")
}
