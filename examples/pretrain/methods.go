package main

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/transfer/autoencoder"
	"github.com/plexaura/plexaura/transfer/pretrain"
	"github.com/plexaura/plexaura/transfer/rbm"
)

// method is a way in which the hidden layers come about.
type method struct {
	name, about string
	activation  ops.Activation
	kernel      graph.Initializer
	// layers are trained one after the other on the images without labels; nil where nothing is.
	layers func(units []int) []pretrain.Layer
	// rotations trains all layers at once to tell by which angle images were turned.
	rotations bool
}

var methods = []method{
	{name: "scratch", about: "sigmoid, labelled images alone", activation: ops.Sigmoid, kernel: initializers.GlorotUniform()},
	{name: "scratch-relu", about: "ReLU, labelled images alone", activation: ops.ReLU, kernel: initializers.He()},
	{name: "dbn", about: "deep belief net: CD-1, sigmoid", layers: beliefNet},
	{name: "autoencoder", about: "stacked autoencoders, sigmoid", layers: func(units []int) []pretrain.Layer { return autoencoders(units, nil) }},
	{name: "denoising", about: "... that see a quarter of the pixels black", layers: func(units []int) []pretrain.Layer {
		return autoencoders(units, autoencoder.Masking(0.25))
	}},
	{name: "rotation", about: "ReLU, told by how many quarters an image was turned", activation: ops.ReLU, kernel: initializers.He(), rotations: true},
}

// beliefNet is a stack of restricted Boltzmann machines, with the numbers of Hinton's guide.
func beliefNet(units []int) []pretrain.Layer {
	var layers []pretrain.Layer
	for _, n := range units {
		layers = append(layers, rbm.Layer{Hidden: n, LearningRate: 0.05, Momentum: 0.9, WeightDecay: 0.0002})
	}
	return layers
}

// autoencoders are a stack with tied weights, trained by cross-entropy: grey levels, and then the values of sigmoids, are probabilities.
func autoencoders(units []int, corrupt autoencoder.Corruption) []pretrain.Layer {
	var layers []pretrain.Layer
	for _, n := range units {
		layers = append(layers, autoencoder.Layer{Units: n, Tied: true, Loss: autoencoder.CrossEntropy, Corrupt: corrupt, Optimizer: adam})
	}
	return layers
}

func adam() training.Optimizer { return training.Adam(training.AdamConfig{}) }

// hidden builds the hidden layers; stack is nil where nothing is pretrained layer by layer.
func (m method) hidden(s *graph.Scope, x *gorgonia.Node, units []int) (h *gorgonia.Node, stack *pretrain.Stack, err error) {
	if m.layers != nil {
		stack, err = pretrain.Build(s, x, m.layers(units)...)
		if err != nil {
			return nil, nil, err
		}
		return stack.Output(), stack, nil
	}
	h = x
	for i, n := range units {
		h = ops.Dense(s.Sub(layerName(i)), h, n, ops.DenseConfig{Kernel: m.kernel, Activation: m.activation})
	}
	return h, nil, s.Graph().Err()
}
