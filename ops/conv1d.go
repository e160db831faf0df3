package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// Conv1DConfig configures Conv1D. The zero value is tf.layers.conv1d's default.
type Conv1DConfig struct {
	Stride     int        // 0 for 1
	Padding    Padding    // default Valid
	Pads       [2]int     // explicit zeros before and behind the sequence, with Valid only; {(size-1)*dilation, 0} is causal
	Dilation   int        // the distance of a window's elements; 0 for 1
	Groups     int        // of channels that do not see each other; 0 for 1
	DataFormat DataFormat // of x and the result; default ChannelsLast

	Kernel graph.Initializer // of the kernel; default initializers.GlorotUniform
	Bias   graph.Initializer // of the bias; default zeros
	NoBias bool              // without a bias, as where BatchNorm follows

	Activation        Activation       // applied to the output; nil for none
	KernelRegularizer Regularizer      // its loss enters graph.RegularizationLosses; nil for none
	KernelConstraint  graph.Constraint // applied after each optimizer update; nil for none
}

// Conv1D is a layer that convolves sequences:
//
//	y[n, t, o] = activation(sum over p, c of x[n, t*stride+p*dilation-before, c] * kernel[p, c, o] + bias[o])
//
// x is float32 or float64, [batch, length, in], or [batch, in, length] with
// ChannelsFirst. The channels must be known; other sizes need not be. The result is
// [batch, length', filters] or [batch, filters, length']; Padding gives length'.
//
// The variables, of the dtype of x, are kernel [size, in/groups, filters] and bias
// [filters]; they stand directly in s, the layer's scope. It is computed as a
// convolution of images of width 1.
//
// TF: tf.layers.conv1d. PyTorch: torch.nn.Conv1d. Dtypes: float. Gradient: yes.
func Conv1D(s *graph.Scope, x *gorgonia.Node, filters, size int, cfg Conv1DConfig) *gorgonia.Node {
	c, err := ConvolutionConfig{
		[2]int{cfg.Stride, 1}, cfg.Padding, [2][2]int{cfg.Pads}, [2]int{cfg.Dilation, 1}, cfg.Groups, cfg.DataFormat,
	}.check()
	l := convLayer{"Conv1D", cfg.DataFormat, filters, cfg.Bias, cfg.NoBias, cfg.Activation, cfg.KernelRegularizer, cfg.KernelConstraint}
	return l.build(s, x, 3, []int{size}, err, func(s *graph.Scope, x *gorgonia.Node, in int) *gorgonia.Node {
		if err := c.checkDivisible(in, filters); err != nil {
			return s.Fail(l.name, gorgonia.Nodes{x}, graph.SpecOf(x), errors.Wrapf(err, "x is %v", graph.SpecOf(x)))
		}
		kernel := l.kernel(s, "kernel", graph.SpecOf(x).Dtype, cfg.Kernel, size, in/c.groups, filters)
		y := c.forward(s, ExpandDims(s, x, 2), ExpandDims(s, kernel, 1))
		return view(s, "Squeeze", map[string]interface{}{"axes": []int{2}}, func(in []graph.Spec) (tensor.Shape, error) {
			return joinShapes(in[0].Shape[:2], in[0].Shape[3:]), nil
		}, y)
	})
}
