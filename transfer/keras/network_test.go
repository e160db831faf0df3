package keras

import (
	"encoding/json"
	"math"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training/dataset"
	"github.com/plexaura/plexaura/transfer/npz"
	"github.com/plexaura/plexaura/transfer/tfjs"
	"github.com/plexaura/plexaura/transfer/weights"
	"github.com/plexaura/plexaura/transfer/weights/weightstest"
)

// sequential builds a Sequential model of Keras by its model_config, with the weights of the file.
func sequential(t *testing.T, f *weights.File, s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	t.Helper()
	var model struct {
		Config struct {
			Layers []struct {
				Class  string `json:"class_name"`
				Config struct {
					Name       string
					Filters    int
					Units      int
					Activation string
				}
			}
		}
	}
	if err := json.Unmarshal([]byte(f.Metadata()["model_config"]), &model); err != nil {
		t.Fatal(err)
	}
	elu := func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.ELU(s, x, 1) }
	activations := map[string]ops.Activation{"linear": nil, "relu": ops.ReLU, "elu": elu, "softmax": ops.Softmax}
	for _, l := range model.Config.Layers {
		c := l.Config
		stored := func(name string) graph.Initializer {
			v, ok := f.Lookup(c.Name + "/" + name)
			if !ok {
				t.Fatalf("no %s/%s in %v", c.Name, name, f.Names())
			}
			return weights.Initializer(v)
		}
		activation, ok := activations[c.Activation]
		if !ok && c.Activation != "" {
			t.Fatalf("unknown activation %s", c.Activation)
		}
		switch l.Class {
		case "Conv2D":
			x = ops.Conv2D(s.Sub(c.Name), x, c.Filters, [2]int{3, 3}, ops.Conv2DConfig{Kernel: stored("kernel"), Bias: stored("bias"), Activation: activation})
		case "MaxPooling2D":
			x = ops.MaxPool2D(s, x, ops.MaxPool2DConfig{})
		case "Flatten":
			x = ops.Flatten(s, x)
		case "Dense":
			x = ops.Dense(s.Sub(c.Name), x, c.Units, ops.DenseConfig{Kernel: stored("kernel"), Bias: stored("bias"), Activation: activation})
		case "BatchNormalization":
			x = ops.BatchNorm(s.Sub(c.Name), x, nil, ops.BatchNormConfig{
				Frozen: true, Gamma: stored("gamma"), Beta: stored("beta"), MovingMean: stored("moving_mean"), MovingVariance: stored("moving_variance"),
			})
		case "Activation":
			x = activation(s, x)
		default:
			t.Fatalf("unknown layer %s", l.Class)
		}
	}
	return x
}

// run builds the network of a file, and feeds images, of which one has this shape, a hundred at a time.
func run(t *testing.T, path string, images []float32, shape ...int) []float32 {
	t.Helper()
	f, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	g := graph.New(graph.Config{})
	x := graph.Placeholder(g.Scope(), "x", tensor.Float32, append([]int{-1}, shape...)...)
	y := sequential(t, f, g.Scope(), x)
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer sess.Close()
	if err := sess.Init(); err != nil {
		t.Fatal(err)
	}
	var all []float32
	for batch := range slices.Chunk(images, 100*tensor.Shape(shape).TotalSize()) {
		feed := tensor.New(tensor.WithShape(append([]int{100}, shape...)...), tensor.WithBacking(batch))
		out, err := sess.Run(graph.Feeds{x: feed}, y)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, out.Float32s(0)...)
	}
	return all
}

func scaled(pixels []uint8) []float32 {
	out := make([]float32, len(pixels))
	for i, p := range pixels {
		out[i] = float32(p) / 255
	}
	return out
}

// expected reads an array of an expected.npz.
func expected(t *testing.T, folder, name string) interface{} {
	t.Helper()
	f, err := npz.Open(filepath.Join(folder, "expected.npz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	v, err := f.Read(name)
	if err != nil {
		t.Fatal(err)
	}
	return v.Data()
}

// A convolutional network with an accuracy of 0.99, saved whole by TensorFlow's Keras 2.2.4.
func TestMNIST(t *testing.T) {
	folder := weightstest.Published(t, "keras", "mnist-cnn")
	images, err := dataset.OpenIDX(weightstest.Published(t, "mnist", "t10k-images-idx3-ubyte.gz"))
	if err != nil {
		t.Fatal(err)
	}
	logits := run(t, filepath.Join(folder, "final_model.h5"), scaled(images.Data().([]uint8)), 28, 28, 1)
	for i, want := range expected(t, folder, "logits_first100").([]float64) {
		if math.Abs(float64(logits[i])-want) > 1e-5*math.Max(1, math.Abs(want)) {
			t.Fatalf("logit %d is %v; want %v", i, logits[i], want)
		}
	}
	for i, want := range expected(t, folder, "argmax_all").([]uint8) {
		row := logits[10*i : 10*i+10]
		best := 0
		for k, v := range row {
			if v > row[best] {
				best = k
			}
		}
		if best != int(want) {
			t.Fatalf("image %d is class %d; want %d", i, best, want)
		}
	}
}

// Twenty layers of Dense, BatchNormalization and ELU, saved by Keras 2.3.0 with Nadam's state.
func TestBatchNorm(t *testing.T) {
	folder := weightstest.Published(t, "keras", "cifar10-bn-elu")
	got := run(t, filepath.Join(folder, "my_cifar10_bn_model.h5"), scaled(expected(t, folder, "images_u8").([]uint8)), 32, 32, 3)
	for i, want := range expected(t, folder, "probabilities_scaled_0_1").([]float64) {
		if math.Abs(float64(got[i])-want) > 1e-5 {
			t.Fatalf("probability %d is %v; want %v", i, got[i], want)
		}
	}
}

// The weights of SqueezeNet are there as HDF5 and for TensorFlow.js, and bit-equal; the latter lack one layer.
func TestSqueezeNet(t *testing.T) {
	folder := weightstest.Published(t, "imagenet", "squeezenet_v1.1_notop")
	f, err := Open(filepath.Join(folder, "squeezenet_weights_tf_dim_ordering_tf_kernels_notop.h5"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	js, err := tfjs.Open(filepath.Join(folder, "tfjs", "model.json"))
	if err != nil {
		t.Fatal(err)
	}
	if n, m := len(f.Names()), len(js.Names()); n != 50 || m != 48 {
		t.Errorf("got %d and %d weights; want 50 and 48", n, m)
	}
	for _, name := range f.Names() {
		layer, rest, _ := strings.Cut(name, "/") // fire2/expand1x1/uniform3, fire2/expand1x1/fire2/expand1x1_b
		if part, _, deeper := strings.Cut(rest, "/"); deeper {
			layer += "/" + part
		}
		if layer == "fire9/expand1x1" {
			continue
		}
		other := layer + "/kernel"
		if strings.HasSuffix(name, "_b") {
			other = layer + "/bias"
		}
		a, err := f.Read(name)
		if err != nil {
			t.Fatal(err)
		}
		b, err := js.Read(other)
		if err != nil {
			t.Fatal(err)
		}
		if !a.Shape().Eq(b.Shape()) || !reflect.DeepEqual(a.Data(), b.Data()) {
			t.Errorf("%s and %s differ", name, other)
		}
	}
}
