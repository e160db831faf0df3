package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// ConvTranspose2DConfig configures ConvTranspose2D. The zero value is
// tf.layers.conv2d_transpose's default.
type ConvTranspose2DConfig struct {
	Strides       [2]int     // of the convolution that is transposed, along height and width; 0 for 1
	Padding       Padding    // of that convolution; default Valid
	Pads          [2][2]int  // its explicit zeros, which are cut off here, {{top, bottom}, {left, right}}; with Valid only
	OutputPadding [2]int     // rows and columns more than needed, below the strides; with Valid only
	Dilations     [2]int     // the distance of a window's elements along height and width; 0 for 1
	Groups        int        // of channels that do not see each other; 0 for 1
	DataFormat    DataFormat // of x and the result; default ChannelsLast

	Kernel graph.Initializer // of the kernel; default initializers.GlorotUniform
	Bias   graph.Initializer // of the bias; default zeros
	NoBias bool              // without a bias, as where BatchNorm follows

	Activation        Activation       // applied to the output; nil for none
	KernelRegularizer Regularizer      // its loss enters graph.RegularizationLosses; nil for none
	KernelConstraint  graph.Constraint // applied after each optimizer update; nil for none
}

// ConvTranspose2D is a layer that spreads each pixel over a window, the gradient of a
// convolution for its images, by which images grow:
//
//	y[n, i*stride+p*dilation-top, j*stride+q*dilation-left, o] += x[n, i, j, c] * kernel[p, q, o, c]
//	y = activation(y + bias)
//
// x is float32 or float64, [batch, height, width, in], or [batch, in, height, width]
// with ChannelsFirst. The channels must be known; other sizes need not be. The result
// has filters channels. Its height is height*stride with Same; with Valid
// (height-1)*stride + (size-1)*dilation + 1 - top - bottom + OutputPadding, and at least
// height*stride where there are neither Pads nor OutputPadding; so the width.
//
// The variables, of the dtype of x, are kernel [size[0], size[1], filters/groups, in],
// in TensorFlow's order, and bias [filters]; they stand directly in s, the layer's
// scope. torch.nn.ConvTranspose2d has the weight [in, filters/groups, size[0], size[1]].
//
// TF: tf.layers.conv2d_transpose. PyTorch: torch.nn.ConvTranspose2d. Dtypes: float. Gradient: yes.
func ConvTranspose2D(s *graph.Scope, x *gorgonia.Node, filters int, size [2]int, cfg ConvTranspose2DConfig) *gorgonia.Node {
	c, err := ConvolutionConfig{cfg.Strides, cfg.Padding, cfg.Pads, cfg.Dilations, cfg.Groups, cfg.DataFormat}.check()
	for a, extra := range cfg.OutputPadding {
		switch {
		case err != nil:
		case extra < 0 || extra >= c.strides[a]:
			err = errors.Errorf("OutputPadding is %v; want 0 or more, and less than the strides, %v", cfg.OutputPadding, c.strides)
		case extra > 0 && cfg.Padding == Same:
			err = errors.Errorf("OutputPadding is %v beside Padding %v, which says itself how large the result is; want one of them", cfg.OutputPadding, cfg.Padding)
		}
	}
	l := convLayer{"ConvTranspose2D", cfg.DataFormat, filters, cfg.Bias, cfg.NoBias, cfg.Activation, cfg.KernelRegularizer, cfg.KernelConstraint}
	return l.build(s, x, 4, size[:], err, func(s *graph.Scope, x *gorgonia.Node, in int) *gorgonia.Node {
		if err := c.checkDivisible(in, filters); err != nil {
			return s.Fail(l.name, gorgonia.Nodes{x}, graph.SpecOf(x), errors.Wrapf(err, "x is %v", graph.SpecOf(x)))
		}
		kernel := l.kernel(s, "kernel", graph.SpecOf(x).Dtype, cfg.Kernel, size[0], size[1], filters/c.groups, in)
		return c.transposed(s, x, kernel, cfg.OutputPadding)
	})
}
