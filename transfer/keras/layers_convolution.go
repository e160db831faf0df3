package keras

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

// convolution is what layers that convolve have in common.
type convolution struct {
	filters                  int // 0 of depthwise convolutions
	size, strides, dilations []int
	padding                  ops.Padding
	causal                   bool
	groups                   int
	format                   ops.DataFormat
	activation               ops.Activation
	bias                     weight
	useBias                  bool
}

// convolution reads a layer of windows along so many axes.
func (o *options) convolution(axes int) convolution {
	v := convolution{size: o.sizes("kernel_size", axes, 0), strides: o.sizes("strides", axes, 1), dilations: o.sizes("dilation_rate", axes, 1), groups: o.integer("groups", 1),
		format: o.format(), activation: o.activation("activation", "linear"), bias: o.weight("bias", "bias", "zeros"), useBias: o.flag("use_bias", true)}
	v.padding, v.causal = o.padding(axes == 1)
	if v.groups < 1 {
		o.fail("groups is %d; want a positive number", v.groups)
	}
	return v
}

// channels returns how many x has, which must be known, and as many axes as images or sequences have.
func (v convolution) channels(x *gorgonia.Node) (int, error) {
	if err := rank(x, len(v.size)+2); err != nil {
		return 0, err
	}
	shape := graph.SpecOf(x).Shape
	n := shape[len(shape)-1]
	if v.format == ops.ChannelsFirst {
		n = shape[1]
	}
	if n < v.groups || n%v.groups != 0 || v.filters%v.groups != 0 {
		return 0, errors.Errorf("its input %v has %d channels and it has %d filters, in %d groups", graph.SpecOf(x), n, v.filters, v.groups)
	}
	return n, nil
}

func pair(v []int) [2]int { return [2]int{v[0], v[1]} }

func readConv1D(o *options) build {
	v := o.convolution(1)
	v.filters = o.count("filters")
	kernel := o.weight("kernel", "kernel", "glorot_uniform")
	return single(func(c *call, x *gorgonia.Node) (*gorgonia.Node, error) {
		in, err := v.channels(x)
		if err != nil {
			return nil, err
		}
		if err := c.kernelAndBias(kernel, []int{v.size[0], in / v.groups, v.filters}, v.bias, v.useBias, v.filters); err != nil {
			return nil, err
		}
		cfg := ops.Conv1DConfig{Stride: v.strides[0], Padding: v.padding, Dilation: v.dilations[0], Groups: v.groups, DataFormat: v.format, NoBias: !v.useBias, Activation: v.activation}
		if v.causal {
			cfg.Pads = [2]int{(v.size[0] - 1) * v.dilations[0], 0}
		}
		return ops.Conv1D(c.s, x, v.filters, v.size[0], cfg), nil
	})
}

func readConv2D(o *options) build {
	v := o.convolution(2)
	v.filters = o.count("filters")
	kernel := o.weight("kernel", "kernel", "glorot_uniform")
	return single(func(c *call, x *gorgonia.Node) (*gorgonia.Node, error) {
		in, err := v.channels(x)
		if err != nil {
			return nil, err
		}
		if err := c.kernelAndBias(kernel, []int{v.size[0], v.size[1], in / v.groups, v.filters}, v.bias, v.useBias, v.filters); err != nil {
			return nil, err
		}
		return ops.Conv2D(c.s, x, v.filters, pair(v.size), ops.Conv2DConfig{Strides: pair(v.strides), Padding: v.padding, Dilations: pair(v.dilations), Groups: v.groups,
			DataFormat: v.format, NoBias: !v.useBias, Activation: v.activation}), nil
	})
}

func readConv2DTranspose(o *options) build {
	v := o.convolution(2)
	v.filters = o.count("filters")
	kernel := o.weight("kernel", "kernel", "glorot_uniform")
	if o.has("output_padding") {
		o.refuse("Conv2DTranspose with output_padding")
	}
	if v.groups != 1 {
		o.refuse("Conv2DTranspose with groups")
	}
	return single(func(c *call, x *gorgonia.Node) (*gorgonia.Node, error) {
		in, err := v.channels(x)
		if err != nil {
			return nil, err
		}
		if err := c.kernelAndBias(kernel, []int{v.size[0], v.size[1], v.filters, in}, v.bias, v.useBias, v.filters); err != nil {
			return nil, err
		}
		return ops.ConvTranspose2D(c.s, x, v.filters, pair(v.size), ops.ConvTranspose2DConfig{Strides: pair(v.strides), Padding: v.padding, Dilations: pair(v.dilations),
			DataFormat: v.format, NoBias: !v.useBias, Activation: v.activation}), nil
	})
}

func readDepthwiseConv2D(o *options) build {
	v := o.convolution(2)
	multiplier := o.multiplier()
	kernel := o.weight("depthwise_kernel", "depthwise", "glorot_uniform")
	return single(func(c *call, x *gorgonia.Node) (*gorgonia.Node, error) {
		in, err := v.channels(x)
		if err != nil {
			return nil, err
		}
		if err := c.kernelAndBias(kernel, []int{v.size[0], v.size[1], in, multiplier}, v.bias, v.useBias, in*multiplier); err != nil {
			return nil, err
		}
		return ops.DepthwiseConv2D(c.s, x, pair(v.size), ops.DepthwiseConv2DConfig{Multiplier: multiplier, Strides: pair(v.strides), Padding: v.padding, Dilations: pair(v.dilations),
			DataFormat: v.format, NoBias: !v.useBias, Activation: v.activation}), nil
	})
}

func readSeparableConv2D(o *options) build {
	v := o.convolution(2)
	v.filters = o.count("filters")
	multiplier := o.multiplier()
	depthwise, pointwise := o.weight("depthwise_kernel", "depthwise", "glorot_uniform"), o.weight("pointwise_kernel", "pointwise", "glorot_uniform")
	return single(func(c *call, x *gorgonia.Node) (*gorgonia.Node, error) {
		in, err := v.channels(x)
		if err != nil {
			return nil, err
		}
		if _, err := c.variable(depthwise, v.size[0], v.size[1], in, multiplier); err != nil {
			return nil, err
		}
		if err := c.kernelAndBias(pointwise, []int{1, 1, in * multiplier, v.filters}, v.bias, v.useBias, v.filters); err != nil {
			return nil, err
		}
		return ops.SeparableConv2D(c.s, x, v.filters, pair(v.size), ops.SeparableConv2DConfig{Multiplier: multiplier, Strides: pair(v.strides), Padding: v.padding,
			Dilations: pair(v.dilations), DataFormat: v.format, NoBias: !v.useBias, Activation: v.activation}), nil
	})
}

// multiplier is the depth_multiplier, how many channels come of each. Depthwise convolutions have no other groups than the channels.
func (o *options) multiplier() int {
	if o.integer("groups", 1) != 1 {
		o.refuse("depthwise convolutions with groups")
	}
	n := o.integer("depth_multiplier", 1)
	if n < 1 || n > 1<<20 {
		o.fail("depth_multiplier is %d; want a positive number", n)
		return 1
	}
	return n
}
