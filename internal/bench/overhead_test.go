package bench

import (
	"fmt"
	"testing"

	"github.com/plexaura/plexaura/graph"
)

// BenchmarkNoOp is the cost of a Run that computes nothing.
func BenchmarkNoOp(b *testing.B) {
	g := graph.New(graph.Config{})
	group := graph.Group(g.Scope())
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		b.Fatal(err)
	}
	defer sess.Close()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := sess.Run(nil, group); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkBuild builds, differentiates and plans a net of 200 layers.
func BenchmarkBuild(b *testing.B) {
	for _, layers := range []int{100, 200, 400} {
		b.Run(fmt.Sprintf("layers=%d", layers), func(b *testing.B) {
			for b.Loop() {
				g, x, step, err := Layers(layers)
				if err != nil {
					b.Fatal(err)
				}
				sess, err := graph.NewSession(g, graph.SessionConfig{})
				if err != nil {
					b.Fatal(err)
				}
				if err := sess.Init(); err != nil {
					b.Fatal(err)
				}
				if _, err := sess.Run(graph.Feeds{x: make([]float32, 8)}, step); err != nil {
					b.Fatal(err)
				}
				sess.Close()
			}
		})
	}
}
