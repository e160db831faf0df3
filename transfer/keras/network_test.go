package keras

import (
	"math"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training/dataset"
	"github.com/plexaura/plexaura/transfer/network"
	"github.com/plexaura/plexaura/transfer/npz"
	"github.com/plexaura/plexaura/transfer/tfjs"
	"github.com/plexaura/plexaura/transfer/weights/weightstest"
)

// run imports a model for inputs of this shape, feeds a hundred or fewer at a time, and returns the value of that name, or the first output.
func run[T float32 | float64](t *testing.T, m *Model, name string, input []T, shape ...int) []T {
	t.Helper()
	g := graph.New(graph.Config{})
	x := graph.Placeholder(g.Scope(), "x", tensor.New(tensor.WithBacking(input[:1])).Dtype(), append([]int{-1}, shape...)...)
	cfg := network.Config{Inputs: map[string]*gorgonia.Node{m.architecture.inputs[0].layer: x}}
	if name != "" {
		cfg.Outputs = []string{name}
	}
	net, err := m.Import(g.Scope(), cfg)
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
	var all []T
	one := tensor.Shape(shape).TotalSize()
	for batch := range slices.Chunk(input, 100*one) {
		feed := tensor.New(tensor.WithShape(append([]int{len(batch) / one}, shape...)...), tensor.WithBacking(batch))
		out, err := sess.Run(graph.Feeds{x: feed}, net.Outputs[0].Node)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, out.Tensor(0).Data().([]T)...)
	}
	return all
}

// published opens a model of the shared data.
func published(t *testing.T, path string) *Model {
	t.Helper()
	m, err := OpenModel(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.Close() })
	return m
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
	logits := run(t, published(t, filepath.Join(folder, "final_model.h5")), "", scaled(images.Data().([]uint8)), 28, 28, 1)
	compare(t, "logits", logits[:1000], expected(t, folder, "logits_first100").([]float64), 1e-5)
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
	got := run(t, published(t, filepath.Join(folder, "my_cifar10_bn_model.h5")), "", scaled(expected(t, folder, "images_u8").([]uint8)), 32, 32, 3)
	compare(t, "probabilities", got, expected(t, folder, "probabilities_scaled_0_1").([]float64), 1e-5)
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

// layers opens a layers model of TensorFlow.js.
func layers(t *testing.T, path string) *Model {
	t.Helper()
	f, err := tfjs.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	m, err := FromFile(f)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// MobileNet v1 by TensorFlow.js: its weights are published, the topology was made by Keras' own code for them.
func TestMobileNet(t *testing.T) {
	folder := weightstest.Published(t, "imagenet", "mobilenet_v1_0.25_224_tfjs")
	m := layers(t, filepath.Join(folder, "model_with_derived_topology.json"))
	images := expected(t, folder, "input_u8").([]uint8)
	x := make([]float64, len(images))
	for i, v := range images {
		x[i] = float64(v)/127.5 - 1
	}
	for value, name := range map[string]string{"probabilities": "", "features": "global_average_pooling2d_1"} {
		compare(t, value, run(t, m, name, x, 224, 224, 3), expected(t, folder, value).([]float64), 1e-9)
	}
}

func compare[T, U float32 | float64](t *testing.T, what string, got []T, want []U, tolerance float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d numbers; want %d", what, len(got), len(want))
	}
	for i, w := range want {
		if !(math.Abs(float64(got[i])-float64(w)) <= tolerance*math.Max(1, math.Abs(float64(w)))) {
			t.Fatalf("%s: number %d is %v; want %v", what, i, got[i], w)
		}
	}
}

// SqueezeNet by TensorFlow.js, and the same topology with the weights from HDF5, whose names are their own: they are found by their order.
func TestSqueezeNetOutputs(t *testing.T) {
	folder := weightstest.Published(t, "imagenet", "squeezenet_v1.1_notop")
	images := expected(t, folder, "input_u8").([]uint8)[:4*224*224*3]
	x := make([]float64, len(images))
	for i := range x { // BGR, less the means of ImageNet
		pixel, channel := i/3, i%3
		x[i] = float64(images[3*pixel+2-channel]) - []float64{103.939, 116.779, 123.68}[channel]
	}
	want := expected(t, folder, "tfjs_output").([]float32)
	m := layers(t, filepath.Join(folder, "tfjs", "model.json"))
	got := run(t, m, "", x, 224, 224, 3)
	compare(t, "TensorFlow.js", got, want, 1e-6)

	f, err := Open(filepath.Join(folder, "squeezenet_weights_tf_dim_ordering_tf_kernels_notop.h5"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	js, err := m.Weights()
	if err != nil {
		t.Fatal(err)
	}
	both, err := ParseModel([]byte(js.Metadata()["model_config"]), f)
	if err != nil {
		t.Fatal(err)
	}
	if h5 := run(t, both, "", x, 224, 224, 3); !slices.Equal(h5, got) {
		t.Error("the weights of HDF5 give something else")
	}
}
