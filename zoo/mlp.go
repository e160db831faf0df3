package zoo

import (
	"fmt"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/ops"
)

// MLPConfig configures MLP. The zero value is 300-100-10 with ReLU.
type MLPConfig struct {
	Config
	Hidden     []int          // units of the hidden layers; nil for 300, 100; none (not nil) is softmax regression
	Activation ops.Activation // of the hidden layers; default ops.ReLU
	// BatchNorm puts batch norm, with epsilon 1e-3 and momentum .9, between the hidden layers, which then have no
	// bias, and their activations.
	BatchNorm bool
	Dropout   float64 // the share that is dropped of what each hidden layer gives, in training; default 0
}

// MLP is a multilayer perceptron, by default the classifier of handwritten digits in Géron, "Hands-on machine learning with
// Scikit-Learn and TensorFlow" (2017), chapters 10 and 11.
//
//	endpoint   layer                                   784
//	hidden1    dense 300 [, batch norm], activation    300
//	hidden2    dense 100 [, batch norm], activation    100
//	outputs    dense 10: logits                        10
//
// x is float, [batch, features] with features known; of more axes, such as images, all but the first are flattened. The
// variables of batch norm stand beside the kernel, hidden1/gamma and so on. Endpoints are before dropout. NoTop
// ends with the last hidden layer. Kernels are drawn by He's rule.
func MLP(s *graph.Scope, x *gorgonia.Node, cfg MLPConfig) *Model {
	n, h := newNet(s, "MLP", x, cfg.Config, 10, false)
	n.norm = ops.BatchNormConfig{Momentum: 0.9}
	if cfg.Hidden == nil {
		cfg.Hidden = []int{300, 100}
	}
	if cfg.Activation == nil {
		cfg.Activation = ops.ReLU
	}
	h = rows(s, h)
	for i, units := range cfg.Hidden {
		l := s.Sub(fmt.Sprintf("hidden%d", i+1))
		h = n.dense(l, h, units, ops.DenseConfig{Kernel: initializers.He(), NoBias: cfg.BatchNorm})
		if cfg.BatchNorm {
			h = n.batchNorm(l, h)
		}
		h = n.end(l, cfg.Activation(l, h))
		if cfg.Dropout != 0 {
			h = ops.Dropout(l, h, cfg.Dropout, cfg.Training)
		}
	}
	if cfg.NoTop {
		return n.built(h)
	}
	l := s.Sub("outputs")
	return n.built(n.end(l, n.dense(l, h, n.cfg.Classes, ops.DenseConfig{Kernel: initializers.He()})))
}

func mlp(s *graph.Scope, x *gorgonia.Node, cfg Config) *Model {
	return MLP(s, x, MLPConfig{Config: cfg})
}

// rows flattens examples that are no vectors.
func rows(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	if graph.SpecOf(x).Rank() > 2 {
		return ops.Flatten(s, x)
	}
	return x
}
