package safetensors

import (
	"fmt"
	"math"
	"path/filepath"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training/dataset"
	"github.com/plexaura/plexaura/transfer/npz"
	"github.com/plexaura/plexaura/transfer/weights"
	"github.com/plexaura/plexaura/transfer/weights/weightstest"
)

// The file was written by dfdx; expected.npz beside it holds what the network computes for the images of MNIST's test set.
func TestNetwork(t *testing.T) {
	dir := weightstest.Published(t, "graphs", "mnist-mlp-safetensors")
	f, err := Open(filepath.Join(dir, "mnist.safetensors"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	expected, err := npz.Open(filepath.Join(dir, "expected.npz"))
	if err != nil {
		t.Fatal(err)
	}
	defer expected.Close()

	g := graph.New(graph.Config{})
	s := g.Scope()
	x := graph.Placeholder(s, "x", tensor.Float32, -1, 784)
	h := x
	for i, name := range []string{"0.0", "1.0", "2.0", "3"} {
		kernel, ok := f.Lookup(name + ".weight")
		bias, too := f.Lookup(name + ".bias")
		if !ok || !too {
			t.Fatalf("no %s in %v", name, f.Names())
		}
		if kernel, err = kernel.Transpose(1, 0); err != nil {
			t.Fatal(err)
		}
		cfg := ops.DenseConfig{Kernel: weights.Initializer(kernel), Bias: weights.Initializer(bias), Activation: ops.ReLU}
		if i == 3 {
			cfg.Activation = nil
		}
		h = ops.Dense(s.Sub(fmt.Sprintf("layer%d", i)), h, kernel.Shape[1], cfg)
	}
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer sess.Close()
	if err := sess.Init(); err != nil {
		t.Fatal(err)
	}
	images, err := dataset.OpenIDX(weightstest.Published(t, "mnist", "t10k-images-idx3-ubyte.gz"))
	if err != nil {
		t.Fatal(err)
	}
	pixels := images.Data().([]uint8)
	batch := make([]float32, len(pixels))
	for i, p := range pixels {
		batch[i] = float32(p) / 255
	}
	out, err := sess.Run(graph.Feeds{x: tensor.New(tensor.WithShape(10000, 784), tensor.WithBacking(batch))}, h, ops.ArgMax(s, h, 1))
	if err != nil {
		t.Fatal(err)
	}
	logits, err := expected.Read("logits_first100")
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range logits.Data().([]float64) {
		if got := float64(out.Float32s(0)[i]); math.Abs(got-want) > 1e-5*math.Max(1, math.Abs(want)) {
			t.Fatalf("logit %d is %v; want %v", i, got, want)
		}
	}
	classes, err := expected.Read("argmax_all")
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range classes.Data().([]uint8) {
		if got := out.Int64s(1)[i]; got != int64(want) {
			t.Fatalf("image %d is class %d; want %d", i, got, want)
		}
	}
}
