package show_test

import (
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/notebooks/show"
)

func BenchmarkGraph(b *testing.B) {
	c := newChapter(b, 784)
	for b.Loop() {
		show.Graph(c.g, show.GraphConfig{})
	}
}

func BenchmarkLargeGraph(b *testing.B) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	x := graph.Placeholder(s, "X", tensor.Float32, 3)
	for range 20_000 {
		x = graph.Identity(s, x)
	}
	for b.Loop() {
		show.Graph(g, show.GraphConfig{})
	}
}

func BenchmarkTensor(b *testing.B) {
	x := tensor.New(tensor.WithShape(1000, 1000), tensor.WithBacking(make([]float32, 1_000_000)))
	for b.Loop() {
		show.Tensor(x, show.TensorConfig{})
	}
}
