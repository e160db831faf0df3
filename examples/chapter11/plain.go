package main

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/schedule"
)

// The experiments that train one network from scratch.

func leakyReLU(m *model) {
	m.learn(m.stack(m.x, []int{300, 100}, ops.DenseConfig{Activation: ops.LeakyReLUWith(0.01)}), sgd())
}

// selu trains on pixels of mean 0 and deviation 1, without which SELU does not
// normalise itself.
func selu(m *model) {
	m.learn(m.stack(m.x, []int{300, 100}, ops.DenseConfig{Activation: ops.SELU}), sgd())
}

// eluBN normalises the logits too, as the book does, and starts with what
// TensorFlow's variance_scaling_initializer gives by default: LeCun's variance.
func eluBN(m *model) {
	norm := func(name string, x *gorgonia.Node) *gorgonia.Node {
		return ops.BatchNorm(m.s.NameScope("dnn").Sub(name), x, m.training, ops.BatchNormConfig{Momentum: 0.9})
	}
	cfg := ops.DenseConfig{Kernel: initializers.LeCunNormal()}
	h := m.x
	for i, units := range []int{300, 100} {
		h = m.dense(h, hidden(i+1), units, cfg)
		h = ops.ELU(m.s.NameScope("dnn"), norm(hidden(i+1), h), 1)
	}
	m.learn(norm("outputs", m.dense(h, "outputs", classes, cfg)), sgd())
}

// clip limits each element of the gradients to plus or minus 1. What it trains
// is the network that the reuse and freeze experiments start from.
func clip(m *model) {
	m.judge(m.stack(m.x, []int{300, 50, 50, 50, 50}, ops.DenseConfig{Activation: ops.ReLU}))
	t, opt := m.train(), sgd()
	grads := opt.ComputeGradients(t, m.loss, m.g.Trainable())
	m.step = opt.ApplyGradients(t, training.ClipByValue(t, grads, -1, 1))
}

// decay divides the learning rate by 10 every 10,000 steps.
func decay(m *model) {
	step := training.GlobalStep(m.s)
	rate := schedule.Exponential(m.s, step, schedule.ExponentialConfig{Initial: 0.1, DecaySteps: 10000, DecayRate: 0.1})
	opt := training.Momentum(training.MomentumConfig{Schedule: rate, Momentum: 0.9, GlobalStep: step})
	m.learn(m.stack(m.x, []int{300, 50}, ops.DenseConfig{Activation: ops.ReLU}), opt)
}

// l1Shallow has a single hidden layer, as the book's first version has.
func l1Shallow(m *model) {
	m.learn(m.stack(m.x, []int{300}, ops.DenseConfig{Activation: ops.ReLU, KernelRegularizer: ops.L1(0.001)}), sgd())
}

func l1(m *model) {
	m.learn(m.stack(m.x, []int{300, 50}, ops.DenseConfig{Activation: ops.ReLU, KernelRegularizer: ops.L1(0.001)}), sgd())
}

// dropout drops half of the inputs and of each hidden layer.
func dropout(m *model) {
	drop := func(x *gorgonia.Node) *gorgonia.Node {
		return ops.Dropout(m.s.NameScope("dnn"), x, 0.5, m.training)
	}
	relu := ops.DenseConfig{Activation: ops.ReLU}
	h := drop(m.x)
	h = drop(m.dense(h, "hidden1", 300, relu))
	h = drop(m.dense(h, "hidden2", 50, relu))
	m.learn(m.dense(h, "outputs", classes, ops.DenseConfig{}), momentum())
}

// maxNorm keeps the rows of the hidden kernels [in, units] at a norm of 1 at
// most, as the book does: these are the weights that leave an input. ops.MaxNorm
// bounds those that enter a unit, the columns, unless told otherwise.
func maxNorm(m *model) {
	cfg := ops.DenseConfig{Activation: ops.ReLU, KernelConstraint: ops.MaxNorm(1, 1)}
	h := m.dense(m.x, "hidden1", 300, cfg)
	h = m.dense(h, "hidden2", 50, cfg)
	m.learn(m.dense(h, "outputs", classes, ops.DenseConfig{}), momentum())
}
