package tensorflow_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/tffile"
	"github.com/plexaura/plexaura/transfer/tensorflow"
	"github.com/plexaura/plexaura/zoo"
)

// small builds an architecture on images that are as small as it takes, or on its vectors.
func small(a zoo.Architecture, training interface{}) (g *graph.Graph, x *gorgonia.Node, m *zoo.Model) {
	g = graph.New(graph.Config{Seed: 1})
	s := g.Scope()
	input := slices.Clone(a.Input)
	if len(input) == 3 && input[0] > 96 {
		input[0], input[1] = 96, 96
		if a.Name == "Inception v3" {
			input[0], input[1] = 107, 107
		}
	}
	x = graph.Placeholder(s, "x", tensor.Float32, append([]int{-1}, input...)...)
	cfg := zoo.Config{}
	if training != nil {
		cfg.Training = graph.PlaceholderWithDefault(s, "training", training)
	}
	return g, x, a.Build(s, x, cfg)
}

// deeper are architectures that have the layers of one before, and more of them.
var deeper = []string{"VGG-13", "VGG-16", "VGG-19", "VGG-13 BN", "VGG-16 BN", "VGG-19 BN", "ResNet-34", "ResNet-101", "ResNet-152", "ResNet-32", "ResNet-44", "ResNet-56", "ResNet-110",
	"ResNeXt-101 32x8d", "Wide ResNet-50-2", "Wide ResNet-101-2", "DenseNet-161", "DenseNet-169", "DenseNet-201", "Tiny-YOLO v2 COCO"}

// architectures are those of the zoo but for the deeper ones, with -short a few small ones.
func architectures() []zoo.Architecture {
	few := []string{"MLP", "LeNet-5", "ResNet-20", "MobileNet v2", "ShuffleNet v2"}
	return slices.DeleteFunc(zoo.Architectures(), func(a zoo.Architecture) bool {
		return slices.Contains(deeper, a.Name) || testing.Short() && !slices.Contains(few, a.Name)
	})
}

// readMeta reads a .meta file.
func readMeta(t testing.TB, path string) tffile.MetaGraph {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	m, err := tffile.DecodeMetaGraph(b)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// Every kind of architecture becomes a graph that TensorFlow's registry knows.
func TestWriteMetaZoo(t *testing.T) {
	for _, a := range architectures() {
		t.Run(a.Name, func(t *testing.T) {
			g, _, m := small(a, false)
			if err := g.Err(); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(t.TempDir(), "model.meta")
			if err := tensorflow.WriteMeta(path, g, tensorflow.ExportConfig{}); err != nil {
				t.Fatal(err)
			}
			meta := readMeta(t, path)
			validate(t, meta.Graph)
			if !slices.ContainsFunc(meta.Graph.Nodes, func(n tffile.NodeDef) bool { return n.Name == g.NameOf(m.Output) }) {
				t.Errorf("there is no node %s", g.NameOf(m.Output))
			}
		})
	}
}

// readGraph reads a frozen graph.
func readGraph(t testing.TB, path string) tffile.GraphDef {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	g, err := tffile.DecodeGraphDef(b)
	if err != nil {
		t.Fatal(err)
	}
	return g
}
