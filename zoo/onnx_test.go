package zoo

import (
	"flag"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/transfer/network"
	"github.com/plexaura/plexaura/transfer/onnx"
)

var every = flag.Bool("every", false, "export every architecture, not a few: minutes, and half a gigabyte for the largest")

// exportedSize is how high and wide images are for the tests of exported networks: the least that each takes, nearly.
func exportedSize(a Architecture) int {
	switch {
	case a.Name == "Inception v3":
		return 107
	case a.Name == "LeNet-5" || strings.HasPrefix(a.Name, "ResNet-") && a.Input[0] == 32:
		return 32
	case a.Name == "AlexNet":
		return 95
	}
	return 64
}

// exportedNetwork is an architecture with weights, and its ONNX model.
type exportedNetwork struct {
	sess   *graph.Session
	output *gorgonia.Node
	input  *gorgonia.Node
	train  *gorgonia.Node
	shape  []int // of an example
	model  *onnx.Model
}

func exportNetwork(t *testing.T, a Architecture, cfg onnx.ExportConfig) *exportedNetwork {
	t.Helper()
	g := graph.New(graph.Config{Seed: 7})
	s := g.Scope()
	shape := append([]int{}, a.Input...)
	if len(shape) == 3 {
		shape[0], shape[1] = exportedSize(a), exportedSize(a)
	}
	x := graph.Placeholder(s, "x", tensor.Float32, append([]int{graph.Unknown}, shape...)...)
	training := graph.Placeholder(s, "training", tensor.Bool)
	m := a.Build(s, x, Config{Training: training})
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { sess.Close() })
	for i, v := range m.Variables() {
		if err := sess.SetValue(v, madeWeights(g.NameOf(v), graph.SpecOf(v), uint64(i)+1)); err != nil {
			t.Fatal(err)
		}
	}
	model, err := onnx.Export(sess, gorgonia.Nodes{m.Output}, cfg)
	if err != nil {
		t.Fatal(err)
	}
	return &exportedNetwork{sess, m.Output, x, training, shape, model}
}

// images are examples, a batch of them.
func (e *exportedNetwork) images(batch int) *tensor.Dense {
	shape := append([]int{batch}, e.shape...)
	v := golden.Sequence(uint64(batch), tensor.Shape(shape).TotalSize())
	x := make([]float32, len(v))
	for i := range v {
		x[i] = float32(v[i])
	}
	return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(x))
}

// wantNear compares with the greatest element as the measure: logits are sums of thousands of products, each of which rounds.
func wantNear(t *testing.T, what string, got, want []float32) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d elements; want %d", what, len(got), len(want))
	}
	scale, worst := 0.0, 0.0
	for i := range want {
		scale = max(scale, math.Abs(float64(want[i])))
		d := math.Abs(float64(got[i]) - float64(want[i]))
		if !(d <= worst) {
			worst = d
		}
	}
	if !(worst <= 1e-5*scale) || scale == 0 {
		t.Errorf("%s: off by %g of %g", what, worst, scale)
	}
}

// exportedArchitectures are some of different kinds, or with -every all of them; with -short less those that are another one with more of the same
// layers, and take gigabytes.
func exportedArchitectures() []Architecture {
	var some []Architecture
	for _, a := range Architectures() {
		switch a.Name {
		case "MLP", "LeNet-5", "ResNet-20", "SqueezeNet 1.1", "MobileNet v2", "ShuffleNet v2", "Tiny-YOLO v3":
			some = append(some, a)
		case "VGG-11", "VGG-13", "VGG-16", "VGG-19", "VGG-13 BN", "VGG-16 BN", "VGG-19 BN", "ResNet-101", "ResNet-152", "ResNeXt-101 32x8d", "Wide ResNet-101-2":
			if *every && !testing.Short() {
				some = append(some, a)
			}
		default:
			if *every {
				some = append(some, a)
			}
		}
	}
	return some
}

// TestExported: what is exported can be imported, and computes the same; so does ONNX Runtime.
func TestExported(t *testing.T) {
	var runtime *golden.ONNXRuntime
	missing := golden.FindONNXRuntime()
	if missing == nil {
		runtime = golden.StartONNXRuntime(t)
	}
	for _, a := range exportedArchitectures() {
		t.Run(a.Name, func(t *testing.T) {
			e := exportNetwork(t, a, onnx.ExportConfig{})
			t.Run("imported again", e.importAgain)
			t.Run("in ONNX Runtime", func(t *testing.T) {
				if missing != nil {
					t.Skip(missing)
				}
				e.runElsewhere(t, runtime)
			})
		})
	}
}

func (e *exportedNetwork) importAgain(t *testing.T) {
	g := graph.New(graph.Config{})
	net, err := e.model.Import(g.Scope(), network.Config{})
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
	x := e.images(2)
	want, err := e.sess.Run(graph.Feeds{e.input: x, e.train: false}, e.output)
	if err != nil {
		t.Fatal(err)
	}
	got, err := sess.Run(graph.Feeds{net.Inputs[0].Node: x}, net.Outputs[0].Node)
	if err != nil {
		t.Fatal(err)
	}
	wantNear(t, "imported again", got.Float32s(0), want.Float32s(0))
}

func (e *exportedNetwork) runElsewhere(t *testing.T, runtime *golden.ONNXRuntime) {
	path := filepath.Join(t.TempDir(), "model.onnx")
	file, err := os.Create(path) // Save waits for the disk, with half a gigabyte for some
	if err != nil {
		t.Fatal(err)
	}
	defer os.Remove(path)
	if _, err := e.model.WriteTo(file); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	for _, batch := range []int{1, 3} {
		x := e.images(batch)
		want, err := e.sess.Run(graph.Feeds{e.input: x, e.train: false}, e.output)
		if err != nil {
			t.Fatal(err)
		}
		out, err := runtime.Run(path, map[string]*tensor.Dense{e.model.Graph.Inputs[0].Name: x})
		if err != nil {
			t.Fatal(err)
		}
		got := out[e.model.Graph.Outputs[0].Name]
		if !got.Shape().Eq(want.Tensor(0).Shape()) {
			t.Fatalf("shape %v; want %v", got.Shape(), want.Tensor(0).Shape())
		}
		wantNear(t, "in ONNX Runtime", got.Data().([]float32), want.Float32s(0))
	}
}

// TestExportedTranspositions: inside of an exported network nothing is transposed between its layers.
func TestExportedTranspositions(t *testing.T) {
	for _, a := range Architectures() {
		want, ok := map[string]int{"ResNet-20": 0, "SqueezeNet 1.1": 0, "MobileNet v2": 0, "Tiny-YOLO v3": 0, "LeNet-5": 1}[a.Name]
		if !ok {
			continue
		}
		for _, format := range []ops.DataFormat{ops.ChannelsFirst, ops.ChannelsLast} {
			n := 0
			e := exportNetwork(t, a, onnx.ExportConfig{DataFormat: format})
			for _, node := range e.model.Graph.Nodes {
				if node.Op == "Transpose" {
					n++
				}
			}
			most := want
			if format == ops.ChannelsLast { // of the image that comes in and, where it is one, of what goes out
				most += 1 + len(graph.SpecOf(e.output).Shape)/4
			}
			if n > most {
				t.Errorf("%s, %v: %d transpositions; want %d", a.Name, format, n, most)
			}
		}
	}
}
