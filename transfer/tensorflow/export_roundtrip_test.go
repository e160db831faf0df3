package tensorflow_test

import (
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/philox"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/transfer/network"
	"github.com/plexaura/plexaura/transfer/tensorflow"
)

// numbers are uniform ones from -1 to 1 of a shape.
func numbers(shape ...int) *tensor.Dense {
	x := make([]float32, tensor.Shape(shape).TotalSize())
	philox.FillUniform(x, philox.New(philox.Key(1, "numbers"), 0), 0, -1, 1)
	return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(x))
}

// session initialises a graph.
func session(t testing.TB, g *graph.Graph) *graph.Session {
	t.Helper()
	sess, err := graph.NewSession(g, graph.SessionConfig{OnWarning: func(graph.Warning) {}})
	if err == nil {
		err = sess.Init()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { sess.Close() })
	return sess
}

// imported builds a file's graph and returns its session and the outputs of those names.
func imported(t testing.TB, path string, outputs ...string) (*graph.Session, gorgonia.Nodes) {
	t.Helper()
	f, err := tensorflow.OpenGraph(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	g := graph.New(graph.Config{})
	net, err := f.Import(g.Scope(), network.Config{Outputs: outputs})
	if err != nil {
		t.Fatal(err)
	}
	var out gorgonia.Nodes
	for _, name := range outputs {
		n, err := net.Node(name)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, n)
	}
	return session(t, g), out
}

// near compares outputs relative to the largest of them.
func near(t testing.TB, what string, got, want *tensor.Dense, tolerance float64) {
	t.Helper()
	if !got.Shape().Eq(want.Shape()) || got.Dtype() != want.Dtype() {
		t.Errorf("%s: got %v %v; want %v %v", what, got.Dtype(), got.Shape(), want.Dtype(), want.Shape())
		return
	}
	list := func(x *tensor.Dense) []float64 {
		g := graph.New(graph.Config{})
		out, err := session(t, g).Run(nil, ops.Cast(g.Scope(), graph.Const(g.Scope(), x), tensor.Float64))
		if err != nil {
			t.Fatal(err)
		}
		return out.Float64s(0)
	}
	a, b := list(got), list(want)
	scale := 1e-30
	for _, v := range b {
		if !math.IsInf(v, 0) && !math.IsNaN(v) {
			scale = max(scale, math.Abs(v))
		}
	}
	for i := range b {
		if d := math.Abs(a[i] - b[i]); a[i] != b[i] && !(math.IsNaN(a[i]) && math.IsNaN(b[i])) && !(d <= tolerance*scale) {
			t.Errorf("%s: element %d is %v; want %v", what, i, a[i], b[i])
			return
		}
	}
}

// quick are architectures that take little time, and have all ops that others have.
var quick = []string{"MLP", "Stacked autoencoder", "LeNet-5", "ResNet-20", "ResNeXt-50 32x4d", "SqueezeNet 1.1", "MobileNet v1", "MobileNet v2", "ShuffleNet v2", "DenseNet-121", "Tiny-YOLO v3"}

// An architecture computes the same after it was written with a checkpoint and read, in inference and in training.
func TestSaveZoo(t *testing.T) {
	for _, a := range architectures() {
		if !slices.Contains(quick, a.Name) {
			continue
		}
		t.Run(a.Name, func(t *testing.T) {
			g, x, m := small(a, false)
			sess := session(t, g)
			path := filepath.Join(t.TempDir(), "model")
			if _, err := tensorflow.Save(sess, training.NewSaver(g.Variables(), training.SaverConfig{}), path, tensorflow.ExportConfig{}); err != nil {
				t.Fatal(err)
			}
			meta := readMeta(t, path+".meta")
			validate(t, meta.Graph)
			feed := numbers(append([]int{2}, graph.SpecOf(x).Shape[1:]...)...)
			read, out := imported(t, path+".meta", g.NameOf(m.Output))
			if err := training.NewSaver(read.Graph().Variables(), training.SaverConfig{}).Restore(read, path); err != nil {
				t.Fatal(err)
			}
			x2, _ := read.Graph().Lookup("x")
			for _, train := range []bool{false, true} {
				want, err := sess.Run(graph.Feeds{x: feed, g.Node("training"): train}, m.Output)
				if err != nil {
					t.Fatal(err)
				}
				if train && slices.ContainsFunc(g.Operations(), func(n *gorgonia.Node) bool { return strings.HasSuffix(g.Describe(n).Op, "Dropout") }) {
					continue // which draws other numbers
				}
				feeds := graph.Feeds{x2: feed}
				if flag, ok := read.Graph().Lookup("training"); ok {
					feeds[flag] = train
				}
				got, err := read.Run(feeds, out...)
				if err != nil {
					t.Fatal(err)
				}
				tolerance := 1e-6
				switch { // TensorFlow's moments are other ops than our fused batch norm: they round otherwise, layer by layer
				case train && strings.HasPrefix(a.Name, "ResNeXt"):
					tolerance = 5e-5 // its groups of channels are convolved apart as well
				case train:
					tolerance = 2e-5
				}
				near(t, "training "+map[bool]string{false: "false", true: "true"}[train], got.Tensor(0), want.Tensor(0), tolerance)
			}
		})
	}
}
