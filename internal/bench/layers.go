package bench

import (
	"fmt"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
)

// Layers builds and differentiates a net of so many dense layers with ELUs, and
// returns its input, [-1, 8], and its training step.
func Layers(layers int) (g *graph.Graph, x, step *gorgonia.Node, err error) {
	g = graph.New(graph.Config{})
	s := g.Scope()
	x = graph.Placeholder(s, "x", tensor.Float32, -1, 8)
	h := x
	for i := range layers {
		l := s.Sub(fmt.Sprintf("layer%d", i))
		h = ops.ELU(l, ops.Dense(l, h, 8, ops.DenseConfig{}), 1)
	}
	loss := ops.Mean(s, h)
	opt := training.GradientDescent(training.GradientDescentConfig{LearningRate: 0.1})
	step = opt.Minimize(s, loss, g.Trainable())
	return g, x, step, g.Err()
}
