package ops

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// SeparableConv2DConfig configures SeparableConv2D. The zero value is
// tf.layers.separable_conv2d's default.
type SeparableConv2DConfig struct {
	Multiplier int        // channels that come out of each channel between the two steps; 0 for 1
	Strides    [2]int     // along height and width; 0 for 1
	Padding    Padding    // default Valid
	Pads       [2][2]int  // explicit zeros around the image, {{top, bottom}, {left, right}}; with Valid only
	Dilations  [2]int     // the distance of a window's elements along height and width; 0 for 1
	DataFormat DataFormat // of x and the result; default ChannelsLast

	DepthwiseKernel graph.Initializer // of the first step's kernel; default initializers.GlorotUniform
	PointwiseKernel graph.Initializer // of the second step's; default initializers.GlorotUniform
	Bias            graph.Initializer // of the bias; default zeros
	NoBias          bool              // without a bias, as where BatchNorm follows

	Activation        Activation       // applied to the output; nil for none
	KernelRegularizer Regularizer      // of both kernels; its losses enter graph.RegularizationLosses; nil for none
	KernelConstraint  graph.Constraint // of both kernels, applied after each optimizer update; nil for none
}

// SeparableConv2D is a layer that convolves each channel of images by itself, then
// mixes the channels of each pixel: Sifre (2014), Chollet (2017).
//
//	y = activation(Convolution(depthwise(x, depthwise_kernel), pointwise_kernel) + bias)
//
// x is float32 or float64, [batch, height, width, in], or [batch, in, height, width]
// with ChannelsFirst. The channels must be known; other sizes need not be. The result
// has filters channels; Padding gives its height and width.
//
// The variables, of the dtype of x, are depthwise_kernel [size[0], size[1], in,
// multiplier], pointwise_kernel [1, 1, in*multiplier, filters] and bias [filters]; they
// stand directly in s, the layer's scope.
//
// TF: tf.layers.separable_conv2d. PyTorch: none. Dtypes: float. Gradient: yes.
func SeparableConv2D(s *graph.Scope, x *gorgonia.Node, filters int, size [2]int, cfg SeparableConv2DConfig) *gorgonia.Node {
	multiplier, c, err := depthwise(cfg.Multiplier, cfg.Strides, cfg.Padding, cfg.Pads, cfg.Dilations, cfg.DataFormat)
	l := convLayer{"SeparableConv2D", cfg.DataFormat, filters, cfg.Bias, cfg.NoBias, cfg.Activation, cfg.KernelRegularizer, cfg.KernelConstraint}
	return l.build(s, x, 4, size[:], err, func(s *graph.Scope, x *gorgonia.Node, in int) *gorgonia.Node {
		dtype := graph.SpecOf(x).Dtype
		y := c.depthwise(s, x, l.kernel(s, "depthwise_kernel", dtype, cfg.DepthwiseKernel, size[0], size[1], in, multiplier))
		pointwise, _ := ConvolutionConfig{}.check()
		return pointwise.forward(s, y, l.kernel(s, "pointwise_kernel", dtype, cfg.PointwiseKernel, 1, 1, in*multiplier, filters))
	})
}
