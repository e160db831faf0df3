package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// Conv2DConfig configures Conv2D. The zero value is tf.layers.conv2d's default.
type Conv2DConfig struct {
	Strides    [2]int     // along height and width; 0 for 1
	Padding    Padding    // default Valid
	Pads       [2][2]int  // explicit zeros around the image, {{top, bottom}, {left, right}}; with Valid only
	Dilations  [2]int     // the distance of a window's elements along height and width; 0 for 1
	Groups     int        // of channels that do not see each other; 0 for 1
	DataFormat DataFormat // of x and the result; default ChannelsLast

	Kernel graph.Initializer // of the kernel; default initializers.GlorotUniform
	Bias   graph.Initializer // of the bias; default zeros
	NoBias bool              // without a bias, as where BatchNorm follows

	Activation        Activation       // applied to the output; nil for none
	KernelRegularizer Regularizer      // its loss enters graph.RegularizationLosses; nil for none
	KernelConstraint  graph.Constraint // applied after each optimizer update; nil for none
}

// Conv2D is a layer that convolves images:
//
//	y = activation(Convolution(x, kernel) + bias)
//
// x is float32 or float64, [batch, height, width, in], or [batch, in, height, width]
// with ChannelsFirst. The channels must be known; other sizes need not be. The result
// has filters channels; Padding gives its height and width.
//
// The variables, of the dtype of x, are kernel [size[0], size[1], in/groups, filters],
// whose fans count the whole window, and bias [filters]; they stand directly in s, the
// layer's scope. The nodes are Conv2D and BiasAdd. With s.Reuse() the existing variables
// are used, and the regularizer, which has entered its loss already, is not applied again.
//
// tf.layers.conv2d; torch.nn.Conv2d, whose weight is [filters, in/groups, size[0], size[1]].
//
// TF: tf.layers.conv2d. PyTorch: torch.nn.Conv2d. Dtypes: float. Gradient: yes.
func Conv2D(s *graph.Scope, x *gorgonia.Node, filters int, size [2]int, cfg Conv2DConfig) *gorgonia.Node {
	c, err := ConvolutionConfig{cfg.Strides, cfg.Padding, cfg.Pads, cfg.Dilations, cfg.Groups, cfg.DataFormat}.check()
	l := convLayer{"Conv2D", cfg.DataFormat, filters, cfg.Bias, cfg.NoBias, cfg.Activation, cfg.KernelRegularizer, cfg.KernelConstraint}
	return l.build(s, x, 4, size[:], err, func(s *graph.Scope, x *gorgonia.Node, in int) *gorgonia.Node {
		if err := c.checkDivisible(in, filters); err != nil {
			return s.Fail(l.name, gorgonia.Nodes{x}, graph.SpecOf(x), errors.Wrapf(err, "x is %v", graph.SpecOf(x)))
		}
		return c.forward(s, x, l.kernel(s, "kernel", graph.SpecOf(x).Dtype, cfg.Kernel, size[0], size[1], in/c.groups, filters))
	})
}
