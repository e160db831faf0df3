package bench

import (
	"fmt"
	"math/rand/v2"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
)

// sizes is the chapter's network.
var sizes = []int{784, 300, 100, 10}

// batchOf returns dense inputs, labels, and the labels as one-hot rows.
func batchOf(n int) (x []float32, labels []int64, oneHot []float32) {
	r := rand.New(rand.NewPCG(1, 2))
	x = make([]float32, n*sizes[0])
	for i := range x {
		x[i] = r.Float32()
	}
	labels, oneHot = make([]int64, n), make([]float32, n*10)
	for i := range labels {
		labels[i] = int64(r.IntN(10))
		oneHot[i*10+int(labels[i])] = 1
	}
	return x, labels, oneHot
}

// MLP is the chapter's network and its training step.
type MLP struct {
	Graph          *graph.Graph
	X, Y, Training *gorgonia.Node
	Logits, Loss   *gorgonia.Node
	Step           *gorgonia.Node
}

// MLPConfig says which of the networks. The zero value is that of ReLUs.
type MLPConfig struct {
	BatchNorm bool // and ELU, and no bias before them
	Clip      bool // gradients to [-1, 1]
}

// NewMLP builds the network with a step of plain gradient descent.
func NewMLP(cfg MLPConfig) (*MLP, error) {
	g := graph.New(graph.Config{Seed: 42})
	s := g.Scope()
	m := &MLP{Graph: g}
	m.X = graph.Placeholder(s, "X", tensor.Float32, -1, sizes[0])
	m.Y = graph.Placeholder(s, "y", tensor.Int64, -1)
	m.Training = graph.PlaceholderWithDefault(s, "training", false)
	h := m.X
	for i, units := range sizes[1:3] {
		l := s.Sub(fmt.Sprintf("hidden%d", i+1))
		h = ops.Dense(l, h, units, ops.DenseConfig{Kernel: initializers.He(), NoBias: cfg.BatchNorm})
		if cfg.BatchNorm {
			h = ops.ELU(l, ops.BatchNorm(l, h, m.Training, ops.BatchNormConfig{Momentum: 0.9}), 1)
		} else {
			h = ops.ReLU(l, h)
		}
	}
	m.Logits = ops.Dense(s.Sub("outputs"), h, sizes[3], ops.DenseConfig{Kernel: initializers.He()})
	m.Loss = ops.Mean(s, ops.SparseSoftmaxCrossEntropy(s, m.Y, m.Logits))
	t := s.NameScope("train").After(g.UpdatesOf(m.Loss)...)
	opt := training.GradientDescent(training.GradientDescentConfig{LearningRate: 0.01})
	grads := opt.ComputeGradients(t, m.Loss, g.Trainable())
	if cfg.Clip {
		grads = training.ClipByValue(t, grads, -1, 1)
	}
	m.Step = opt.ApplyGradients(t, grads)
	return m, g.Err()
}

// Session returns a session on the network with initial values.
func (m *MLP) Session(cfg graph.SessionConfig) (*graph.Session, error) {
	sess, err := graph.NewSession(m.Graph, cfg)
	if err != nil {
		return nil, err
	}
	return sess, sess.Init()
}

// Feeds are fixed for all steps, as a loader that reuses its buffers gives them.
func (m *MLP) Feeds(batch int) graph.Feeds {
	x, labels, _ := batchOf(batch)
	return graph.Feeds{
		m.X:        tensor.New(tensor.WithShape(batch, sizes[0]), tensor.WithBacking(x)),
		m.Y:        labels,
		m.Training: true,
	}
}
