package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// DepthwiseConv2DConfig configures DepthwiseConv2D. The zero value is Keras's default.
type DepthwiseConv2DConfig struct {
	Multiplier int        // channels that come out of each channel; 0 for 1
	Strides    [2]int     // along height and width; 0 for 1
	Padding    Padding    // default Valid
	Pads       [2][2]int  // explicit zeros around the image, {{top, bottom}, {left, right}}; with Valid only
	Dilations  [2]int     // the distance of a window's elements along height and width; 0 for 1
	DataFormat DataFormat // of x and the result; default ChannelsLast

	Kernel graph.Initializer // of the kernel; default initializers.GlorotUniform
	Bias   graph.Initializer // of the bias; default zeros
	NoBias bool              // without a bias, as where BatchNorm follows

	Activation        Activation       // applied to the output; nil for none
	KernelRegularizer Regularizer      // its loss enters graph.RegularizationLosses; nil for none
	KernelConstraint  graph.Constraint // applied after each optimizer update; nil for none
}

// DepthwiseConv2D is a layer that convolves each channel of images by itself:
//
//	y[n, i, j, c*multiplier+m] = activation(
//		sum over p, q of x[n, i*stride+p*dilation-top, j*stride+q*dilation-left, c] * kernel[p, q, c, m] + bias[c*multiplier+m])
//
// x is float32 or float64, [batch, height, width, in], or [batch, in, height, width]
// with ChannelsFirst. The channels must be known; other sizes need not be. The result
// has in*multiplier channels; Padding gives its height and width.
//
// The variables, of the dtype of x, are depthwise_kernel [size[0], size[1], in,
// multiplier] and bias [in*multiplier]; they stand directly in s, the layer's scope.
//
// tf.keras.layers.DepthwiseConv2D; torch.nn.Conv2d with groups = in.
//
// TF: tf.keras.layers.DepthwiseConv2D. PyTorch: torch.nn.Conv2d(groups). Dtypes: float. Gradient: yes.
func DepthwiseConv2D(s *graph.Scope, x *gorgonia.Node, size [2]int, cfg DepthwiseConv2DConfig) *gorgonia.Node {
	multiplier, c, err := depthwise(cfg.Multiplier, cfg.Strides, cfg.Padding, cfg.Pads, cfg.Dilations, cfg.DataFormat)
	l := convLayer{"DepthwiseConv2D", cfg.DataFormat, multiplier, cfg.Bias, cfg.NoBias, cfg.Activation, cfg.KernelRegularizer, cfg.KernelConstraint}
	if x != nil && graph.SpecOf(x).Rank() == 4 && cfg.DataFormat.valid() {
		l.filters *= max(1, graph.SpecOf(x).Shape[cfg.DataFormat.channelAxis(4)])
	}
	return l.build(s, x, 4, size[:], err, func(s *graph.Scope, x *gorgonia.Node, in int) *gorgonia.Node {
		return c.depthwise(s, x, l.kernel(s, "depthwise_kernel", graph.SpecOf(x).Dtype, cfg.Kernel, size[0], size[1], in, multiplier))
	})
}

// depthwise returns a convolution of channels by themselves, but for the groups, of
// which there are as many as x has channels.
func depthwise(multiplier int, strides [2]int, padding Padding, pads [2][2]int, dilations [2]int, format DataFormat) (int, convolution, error) {
	c, err := ConvolutionConfig{Strides: strides, Padding: padding, Pads: pads, Dilations: dilations, DataFormat: format}.check()
	if err == nil && multiplier < 0 {
		err = errors.Errorf("Multiplier is %d; want a positive number, or 0 for 1", multiplier)
	}
	if multiplier == 0 {
		multiplier = 1
	}
	return multiplier, c, err
}

// depthwise convolves the channels of x by themselves, with kernel [kh, kw, in, multiplier].
func (c convolution) depthwise(s *graph.Scope, x, kernel *gorgonia.Node) *gorgonia.Node {
	c.groups = max(1, graph.SpecOf(x).Shape[3])
	return c.forward(s, x, view(s, "Reshape", nil, func(in []graph.Spec) (tensor.Shape, error) {
		k := in[0].Shape
		return tensor.Shape{k[0], k[1], 1, k[2] * k[3]}, nil
	}, kernel))
}
