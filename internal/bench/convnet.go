package bench

import (
	"math/rand/v2"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
)

// Architecture is a convolutional network that is measured.
type Architecture struct {
	Name   string // the peers' name for it too
	Height int    // of an image, and its width
	Depth  int    // its channels

	layers func(s *graph.Scope, x, training *gorgonia.Node) *gorgonia.Node
}

// ConvNet is a network with random weights, and its training step where it has one.
type ConvNet struct {
	Architecture
	Graph          *graph.Graph
	X, Y, Training *gorgonia.Node // [batch, height, height, depth], [batch], a bool that is false unless fed
	Output         *gorgonia.Node
	Loss, Step     *gorgonia.Node // nil without an optimizer
}

// NewConvNet builds a network, with a step of the optimizer's unless that is nil.
func NewConvNet(a Architecture, opt training.Optimizer) (*ConvNet, error) {
	g := graph.New(graph.Config{Seed: 42})
	s := g.Scope()
	n := &ConvNet{Architecture: a, Graph: g}
	n.X = graph.Placeholder(s, "X", tensor.Float32, -1, a.Height, a.Height, a.Depth)
	n.Training = graph.PlaceholderWithDefault(s, "training", false)
	n.Output = a.layers(s, n.X, n.Training)
	if opt != nil {
		n.Y = graph.Placeholder(s, "y", tensor.Int64, -1)
		n.Loss = ops.Mean(s, ops.SparseSoftmaxCrossEntropy(s, n.Y, n.Output))
		n.Step = opt.Minimize(s.NameScope("train").After(g.UpdatesOf(n.Loss)...), n.Loss, g.Trainable())
	}
	return n, g.Err()
}

// Session returns a session on the network with initial values.
func (n *ConvNet) Session(cfg graph.SessionConfig) (*graph.Session, error) {
	sess, err := graph.NewSession(n.Graph, cfg)
	if err != nil {
		return nil, err
	}
	return sess, sess.Init()
}

// Feeds are fixed for all Runs, as a loader that reuses its buffers gives them: images alone, or with labels and
// training set where the network has a step.
func (n *ConvNet) Feeds(batch int) graph.Feeds {
	r := rand.New(rand.NewPCG(1, 2))
	x := make([]float32, batch*n.Height*n.Height*n.Depth)
	for i := range x {
		x[i] = r.Float32()
	}
	feeds := graph.Feeds{n.X: tensor.New(tensor.WithShape(batch, n.Height, n.Height, n.Depth), tensor.WithBacking(x))}
	if n.Step != nil {
		labels := make([]int64, batch)
		for i := range labels {
			labels[i] = int64(r.IntN(10))
		}
		feeds[n.Y], feeds[n.Training] = labels, true
	}
	return feeds
}

// Descent is plain gradient descent; Momentum adds a momentum of 0.9.
func Descent() training.Optimizer {
	return training.GradientDescent(training.GradientDescentConfig{LearningRate: 0.01})
}

// Momentum is gradient descent with momentum.
func Momentum() training.Optimizer {
	return training.Momentum(training.MomentumConfig{LearningRate: 0.01, Momentum: 0.9})
}
