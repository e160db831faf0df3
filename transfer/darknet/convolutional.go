package darknet

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

// Epsilon is what batch norm adds to the variance. Darknet computes (x - mean) / sqrt(variance + .00001) on
// GPUs, where its published networks were trained; its code for CPUs has
// sqrt(variance) + .000001 instead, which for their variances is nearly the same.
const Epsilon = 1e-5

// norm is the batch norm of all layers.
func (b *builder) norm(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return ops.BatchNorm(s, x, b.training, ops.BatchNormConfig{Momentum: 0.99, Epsilon: Epsilon, Beta: b.initial("beta", nil), Gamma: b.initial("gamma", nil),
		MovingMean: b.initial("moving_mean", nil), MovingVariance: b.initial(movingVariance, nil)})
}

// bias is the initial value of a bias, which a layer with batch norm has not.
func (b *builder) bias(none bool) graph.Initializer {
	if none {
		return nil
	}
	return b.initial("bias", nil)
}

// convolutional is [convolutional].
type convolutional struct {
	filters, size, groups, dilation, padding int
	strides                                  [2]int
	normalize                                bool
	activation                               ops.Activation
}

func readConvolutional(o options) layer {
	o.refuse("flipped", "binary", "xnor", "bin_output", "share_index", "antialiasing", "sway", "rotate", "stretch", "stretch_sway", "deform", "cbn",
		"assisted_excitation")
	stride := o.count("stride", 1, 1)
	l := convolutional{
		filters: o.count("filters", 1, 1), size: o.count("size", 1, 1), groups: o.count("groups", 1, 1), dilation: o.count("dilation", 1, 1),
		padding: o.count("padding", 0, 0), strides: [2]int{o.count("stride_y", stride, 1), o.count("stride_x", stride, 1)},
		normalize: o.flag("batch_normalize"), activation: o.activation("logistic"),
	}
	if o.flag("pad") {
		l.padding = l.size / 2
	}
	if l.size == 1 {
		l.dilation = 1
	}
	l.padding *= l.dilation
	return l
}

func (l convolutional) build(b *builder, s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	around := [2]int{l.padding, l.padding}
	x = ops.Conv2D(s, b.image(s, x), l.filters, [2]int{l.size, l.size}, ops.Conv2DConfig{
		Strides: l.strides, Pads: [2][2]int{around, around}, Dilations: [2]int{l.dilation, l.dilation}, Groups: l.groups,
		Kernel: b.initial(kernel, b.kernel), Bias: b.bias(l.normalize), NoBias: l.normalize,
	})
	if l.normalize {
		x = b.norm(s, x)
	}
	return activate(s, x, l.activation)
}

// connected is [connected]. Its kernel takes an image in Darknet's order, channels first.
type connected struct {
	output     int
	normalize  bool
	activation ops.Activation
}

func readConnected(o options) layer {
	return connected{o.count("output", 1, 1), o.flag("batch_normalize"), o.activation("logistic")}
}

func (l connected) build(b *builder, s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	x = ops.Dense(s, b.vector(s, x), l.output, ops.DenseConfig{Kernel: b.initial(kernel, b.kernel), Bias: b.bias(l.normalize), NoBias: l.normalize})
	if l.normalize {
		x = b.norm(s, x)
	}
	return activate(s, x, l.activation)
}
