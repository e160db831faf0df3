package zoo

import (
	"fmt"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/ops"
)

// AutoencoderConfig configures StackedAutoencoder. The zero value is 784-300-150-300-784 with ELU, for x of 784 features.
// Classes must be 0: the output is as long as the input. NoTop ends the network with the codings.
type AutoencoderConfig struct {
	Config
	Units      []int          // of the encoder's layers, the codings last; nil for 300, 150. The decoder mirrors them
	Activation ops.Activation // of all layers but the last, which is linear; default ops.ELU with alpha 1
	// Tied makes each kernel of the decoder the transpose of the one that it mirrors: about half the parameters.
	Tied bool
	// Noise and Dropout corrupt the input in training: normal noise of that standard deviation is added, and that share of the features
	// is set to 0. What the output is compared with stays clean: a denoising autoencoder. Default 0.
	Noise, Dropout float64
	// KernelRegularizer is that of each kernel, such as ops.L2(1e-4); nil for none.
	KernelRegularizer ops.Regularizer
}

// StackedAutoencoder learns codings from which its input can be rebuilt: Géron, "Hands-on machine learning with
// Scikit-Learn and TensorFlow" (2017), chapter 15; of denoising ones, Vincent et al., "Stacked denoising
// autoencoders" (2010).
//
//	endpoint   layer                   784
//	hidden1    dense 300, ELU          300
//	hidden2    dense 150, ELU          150
//	codings    the same as hidden2     150
//	hidden3    dense 300, ELU          300
//	outputs    dense 784               784
//
// x is float, [batch, features] with features known; of more axes all but the first are flattened. The output is [batch, features],
// to be compared with x by ops.MeanSquaredError, say. With Tied, hidden3 and outputs have a bias of
// their own only. Kernels are drawn by He's rule.
func StackedAutoencoder(s *graph.Scope, x *gorgonia.Node, cfg AutoencoderConfig) *Model {
	n, h := newNet(s, "Stacked autoencoder", x, cfg.Config, 0, false)
	if cfg.Units == nil {
		cfg.Units = []int{300, 150}
	}
	if cfg.Activation == nil {
		cfg.Activation = ops.ELUWith(1)
	}
	h = rows(s, h)
	widths := append([]int{features(h)}, cfg.Units...)
	if err := cfg.check(); err != nil {
		h = s.Fail(n.model.Name, gorgonia.Nodes{h}, graph.SpecOf(h), err)
	}
	if cfg.Noise != 0 || cfg.Dropout != 0 {
		l := s.Sub("noise")
		h = ops.Dropout(l, ops.GaussianNoise(l, h, cfg.Noise, cfg.Training), cfg.Dropout, cfg.Training)
	}
	dense := ops.DenseConfig{Kernel: initializers.He(), KernelRegularizer: cfg.KernelRegularizer}
	kernels := gorgonia.Nodes{}
	for i, units := range cfg.Units {
		l := s.Sub(fmt.Sprintf("hidden%d", i+1))
		y := n.dense(l, h, units, dense)
		if cfg.Tied && !graph.IsBad(y) {
			kernels = append(kernels, graph.Variable(l.Reuse(), "kernel", tensor.Shape{widths[i], units}, graph.VariableConfig{Dtype: y.Dtype()}))
		}
		h = n.end(l, cfg.Activation(l, y))
	}
	n.model.endpoints = append(n.model.endpoints, Endpoint{"codings", h})
	if cfg.NoTop {
		return n.built(h)
	}
	for i := len(cfg.Units) - 1; i >= 0; i-- {
		l := s.Sub(fmt.Sprintf("hidden%d", 2*len(cfg.Units)-i))
		if i == 0 {
			l = s.Sub("outputs")
		}
		switch {
		case !cfg.Tied:
			h = n.dense(l, h, widths[i], dense)
		case !graph.IsBad(h):
			bias := graph.Variable(l, "bias", tensor.Shape{widths[i]}, graph.VariableConfig{Dtype: h.Dtype(), Initializer: initializers.Zeros()})
			h = ops.BiasAdd(l, ops.MatMulT(l, h, kernels[i], false, true), bias)
		}
		if i > 0 {
			h = cfg.Activation(l, h)
		}
		n.end(l, h)
	}
	return n.built(h)
}

// check returns an error unless an autoencoder can be made.
func (cfg AutoencoderConfig) check() error {
	switch {
	case cfg.Classes != 0:
		return errors.Errorf("Classes is %d; an autoencoder has none, its output is as long as its input: want 0", cfg.Classes)
	case len(cfg.Units) == 0:
		return errors.New("Units is empty; want at least the number of codings, or nil for 300, 150")
	}
	return nil
}

// features is the length of the vectors x.
func features(x *gorgonia.Node) int {
	shape := graph.SpecOf(x).Shape
	if len(shape) == 0 {
		return graph.Unknown
	}
	return shape[len(shape)-1]
}

func stackedAutoencoder(s *graph.Scope, x *gorgonia.Node, cfg Config) *Model {
	return StackedAutoencoder(s, x, AutoencoderConfig{Config: cfg})
}
