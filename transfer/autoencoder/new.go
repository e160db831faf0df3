package autoencoder

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/transfer/pretrain"
)

// Config configures New. Units is required; the zero value of everything else is the default that its comment names.
type Config struct {
	Units      []int          // of the layers from the first to the code, such as {300, 150}; the decoder mirrors them
	Activation ops.Activation // of all layers but the reconstruction; default ops.Sigmoid
	Output     ops.Activation // of the reconstruction; default none, with CrossEntropy a sigmoid
	Loss       Loss           // of the reconstruction; default SquaredError
	Tied       bool           // has the decoder use the transposed kernels of the encoder

	// Corrupt spoils the input of each layer that is trained by itself, and of the whole the input; default none.
	Corrupt Corruption
	// Sparsity is that of each layer that is trained by itself, and of the whole that of the code; default none.
	Sparsity Sparsity

	Kernel      graph.Initializer         // of the kernels; default initializers.GlorotUniform
	Regularizer ops.Regularizer           // of the kernels, added to the losses; default none
	Optimizer   func() training.Optimizer // of each layer that is trained by itself; default Adam with a rate of 0.001
}

// New builds a symmetric autoencoder on x, [batch, features], float32 or float64: layers of Layer, layer1 and so on, and the way back. It can be
// trained as a whole, by an optimizer that is given its Loss, or layer by layer: a.Stack.Pretrain trains the outermost pair of an encoder and its
// decoder, then the pair inside with the outer ones frozen, to reconstruct what the frozen encoder gives, and so on, all in one graph. Both may
// follow each other.
//
// A hidden layer is reconstructed with Activation, by squared error.
func New(s *graph.Scope, x *gorgonia.Node, cfg Config) (*Autoencoder, error) {
	var layers []pretrain.Layer
	for i, units := range cfg.Units {
		l := Layer{
			Units: units, Activation: cfg.Activation, Output: cfg.Output, Loss: cfg.Loss, Tied: cfg.Tied, Corrupt: cfg.Corrupt, Sparsity: cfg.Sparsity,
			Kernel: cfg.Kernel, Regularizer: cfg.Regularizer, Optimizer: cfg.Optimizer,
		}
		if i > 0 {
			l.Loss, l.Output = SquaredError, cfg.Activation
			if l.Output == nil {
				l.Output = ops.Sigmoid
			}
		}
		layers = append(layers, l)
	}
	if len(layers) == 0 {
		return nil, errors.New("autoencoder: New: Units is empty; want the width of each layer down to the code, such as {300, 150}")
	}
	stack, err := pretrain.Build(s, x, layers...)
	if err != nil {
		return nil, errors.WithMessage(err, "autoencoder: New")
	}
	a, err := unroll(s.NameScope("autoencoder"), stack, UnrollConfig{cfg.Loss, cfg.Corrupt, cfg.Sparsity, cfg.Regularizer})
	return a, errors.WithMessage(err, "autoencoder: New")
}
