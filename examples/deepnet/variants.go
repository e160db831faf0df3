package main

import (
	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/ops"
)

// variant is one way to build the deep net. All have the same layers, data,
// optimizer and learning rate.
type variant struct {
	name       string
	activation ops.Activation
	kernel     graph.Initializer
	batchNorm  bool
}

// naive takes no notice of how many units feed a unit.
var naive = initializers.RandomNormal(0, 1)

var variants = []variant{
	// Large weights saturate the units. The gradient keeps its size, since the
	// same weights multiply it, and yet leads nowhere.
	{"sigmoid, normal(0, 1)", ops.Sigmoid, naive, false},
	// With weights of the right size for tanh, the slope of the sigmoid, 1/4 at
	// most, takes its part of the gradient at every layer: it vanishes.
	{"sigmoid, Glorot", ops.Sigmoid, initializers.GlorotNormal(), false},
	// Batch normalisation brings the sums back to where the slope is, whatever
	// the weights.
	{"sigmoid, normal(0, 1), BN", ops.Sigmoid, naive, true},
	{"sigmoid, Glorot, BN", ops.Sigmoid, initializers.GlorotNormal(), true},
	// Weights that fit the activation do the same without.
	{"tanh, Glorot", ops.Tanh, initializers.GlorotNormal(), false},
	// Each layer multiplies by about seven, on the way up and down: the gradient
	// explodes, and the first step makes the loss a NaN.
	{"ReLU, normal(0, 1)", ops.ReLU, naive, false},
	{"ReLU, He", ops.ReLU, initializers.He(), false},
	{"ELU, He", ops.ELUWith(1), initializers.He(), false},
	{"ELU, He, BN", ops.ELUWith(1), initializers.He(), true},
	{"SELU, LeCun", ops.SELU, initializers.LeCunNormal(), false},
}
