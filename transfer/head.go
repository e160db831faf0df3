package transfer

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

// HeadConfig configures Head. The zero value is a linear classifier on features, and behind global average pooling on maps of them.
type HeadConfig struct {
	Flatten bool // maps of features: every pixel has weights of its own, instead of pooling

	Dropout  float64        // the share of features that is dropped in training; 0 for none
	Training *gorgonia.Node // a scalar bool that tells when Dropout drops; nil is never

	Kernel            graph.Initializer // of the kernel; default initializers.GlorotUniform
	KernelRegularizer ops.Regularizer   // its loss enters graph.RegularizationLosses; nil for none
}

// Head builds a new classifier on an endpoint of a network, in place of the layers that were above it, and returns its logits, [batch, classes].
// x is [batch, features], or maps [batch, height, width, channels], of which each channel's mean is a feature; float32 or float64. The variables are
// kernel [features, classes] and bias [classes], directly in s, which therefore wants a scope of its own: s.Sub("head").
//
// Keras: the Dense layer behind include_top=False with pooling="avg". torchvision: model.fc = nn.Linear(features, classes).
func Head(s *graph.Scope, x *gorgonia.Node, classes int, cfg HeadConfig) *gorgonia.Node {
	switch {
	case x == nil:
		return s.Failf("Head", nil, "x is nil; want the endpoint on which the head stands")
	case graph.IsBad(x):
		return s.Failf("Head", gorgonia.Nodes{x}, "x could not be built")
	case classes < 1:
		return s.Failf("Head", gorgonia.Nodes{x}, "classes is %d; want a positive number", classes)
	case cfg.Dropout > 0 && cfg.Training == nil:
		return s.Failf("Head", gorgonia.Nodes{x}, "Dropout is %v, but Training is nil, so it would never drop; want a scalar bool", cfg.Dropout)
	}
	return s.Compose(func(s *graph.Scope) *gorgonia.Node {
		switch rank := graph.SpecOf(x).Rank(); {
		case rank == 2:
		case rank < 2:
			return s.Failf("Head", gorgonia.Nodes{x}, "x is %v; want [batch, features] or maps [batch, height, width, channels]", graph.SpecOf(x))
		case cfg.Flatten:
			x = ops.Flatten(s, x)
		case rank == 4:
			x = ops.GlobalAvgPool(s, x, ops.GlobalPoolConfig{})
		default:
			return s.Failf("Head", gorgonia.Nodes{x}, "x is %v; want [batch, features] or maps [batch, height, width, channels], or Flatten: true", graph.SpecOf(x))
		}
		if cfg.Dropout != 0 {
			x = ops.Dropout(s, x, cfg.Dropout, cfg.Training)
		}
		return ops.Dense(s, x, classes, ops.DenseConfig{Kernel: cfg.Kernel, KernelRegularizer: cfg.KernelRegularizer})
	})
}
