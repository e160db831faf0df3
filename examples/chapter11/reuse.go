package main

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

// The experiments that start from layers of the network that clip has trained.

var relu = ops.DenseConfig{Activation: ops.ReLU}

// reuseWhole trains the same network on.
func reuseWhole(m *model) { clip(m) }

// reuseLower puts a new hidden4 and new outputs on the three lowest layers and
// trains them all.
func reuseLower(m *model) { m.learn(m.newTop(m.lower(m.x, 1, 2, 3)), sgd()) }

// freezeByVariables trains all but the two lowest layers by giving the optimizer
// only the variables of the others.
func freezeByVariables(m *model) {
	logits := m.newTop(m.lower(m.x, 1, 2, 3))
	m.learn(logits, sgd(), m.g.Trainable("hidden[34]/", "outputs/")...)
}

// freezeByStopGradient keeps gradients from flowing below hidden2.
func freezeByStopGradient(m *model) {
	h := graph.StopGradient(m.s, m.lower(m.x, 1, 2))
	m.learn(m.newTop(m.lower(h, 3)), sgd())
}

// freezeCached is freezeByStopGradient with the outputs of hidden2 computed
// once for all images: they are fed in place of the images.
func freezeCached(m *model) {
	m.cached = m.lower(m.x, 1, 2)
	m.learn(m.newTop(m.lower(graph.StopGradient(m.s, m.cached), 3)), sgd())
}

// lower adds layers of the trained network, by number.
func (m *model) lower(x *gorgonia.Node, layers ...int) *gorgonia.Node {
	units := map[int]int{1: 300, 2: 50, 3: 50}
	for _, i := range layers {
		x = m.dense(x, hidden(i), units[i], relu)
	}
	return x
}

// newTop adds a hidden4 and outputs that the trained network does not have.
func (m *model) newTop(x *gorgonia.Node) *gorgonia.Node {
	return m.dense(m.dense(x, "hidden4", 20, relu), "outputs", classes, ops.DenseConfig{})
}
