package transfer_test

import (
	"fmt"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/transfer"
)

// A step of the book's net of five hidden layers of 100 units, and of a small convolutional net, of which the lower layers are frozen.
func BenchmarkFrozenStep(b *testing.B) {
	for _, net := range []struct {
		name  string
		build func(s *graph.Scope) (x, logits *gorgonia.Node, shape []int)
	}{
		{"dense", func(s *graph.Scope) (x, h *gorgonia.Node, shape []int) {
			shape = []int{64, 784}
			x = graph.Placeholder(s, "X", tensor.Float32, shape...)
			h = x
			for i := 1; i <= 5; i++ {
				h = ops.Dense(s.Sub(fmt.Sprintf("hidden%d", i)), h, 100, ops.DenseConfig{Activation: ops.ReLU})
			}
			return x, h, shape
		}},
		{"convolution", func(s *graph.Scope) (x, h *gorgonia.Node, shape []int) {
			shape = []int{32, 32, 32, 3}
			x = graph.Placeholder(s, "X", tensor.Float32, shape...)
			h = x
			for i := 1; i <= 5; i++ {
				h = ops.Conv2D(s.Sub(fmt.Sprintf("hidden%d", i)), h, 32, [2]int{3, 3}, ops.Conv2DConfig{Padding: ops.Same, Activation: ops.ReLU})
			}
			return x, h, shape
		}},
	} {
		for _, frozen := range []struct{ name, pattern string }{{"none", ""}, {"lower 3", "hidden[123]"}, {"all 5", "hidden"}} {
			b.Run(net.name+"/"+frozen.name, func(b *testing.B) {
				g := graph.New(graph.Config{})
				s := g.Scope()
				x, h, shape := net.build(s)
				logits := transfer.Head(s.Sub("outputs"), h, 10, transfer.HeadConfig{})
				labels := make([]int64, shape[0])
				loss := ops.Mean(s, ops.SparseSoftmaxCrossEntropy(s, graph.Const(s, labels), logits))
				if frozen.pattern != "" {
					transfer.Freeze(g, frozen.pattern)
				}
				step := training.GradientDescent(training.GradientDescentConfig{LearningRate: 1e-3}).Minimize(s, loss, g.Trainable())
				sess := newSession(b, g)
				feeds := graph.Feeds{x: tensor.New(tensor.WithShape(shape...), tensor.Of(tensor.Float32))}
				for b.Loop() {
					if _, err := sess.Run(feeds, step); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
