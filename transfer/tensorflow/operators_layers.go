package tensorflow

import (
	"strings"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

func matMul(c *call) []*value {
	return one(ops.MatMulT(c.s, c.x(0), c.x(1), c.bool("transpose_a"), c.bool("transpose_b")))
}

func batchMatMul(c *call) []*value {
	return one(ops.MatMulT(c.s, c.x(0), c.x(1), c.bool("adj_x"), c.bool("adj_y")))
}

func einsum(c *call) []*value {
	return one(ops.Einsum(c.s, c.text("equation", ""), c.xs(0, len(c.in))...))
}

// format is the layout of images.
func (c *call) format() ops.DataFormat {
	switch f := c.text("data_format", "NHWC"); f {
	case "NHWC":
		return ops.ChannelsLast
	case "NCHW":
		return ops.ChannelsFirst
	default:
		c.fail("data_format is %s; want NHWC or NCHW", f)
		return 0
	}
}

// plane takes the entries for height and width out of a list with one for each axis of images; 1 where there is no list.
func (c *call) plane(name string) [2]int {
	v := c.list(name)
	if len(v) == 0 {
		return [2]int{1, 1}
	}
	if len(v) != 4 {
		c.fail("%s are %v; want a number for each of 4 axes", name, v)
	}
	h, channels := 1, 3
	if c.format() == ops.ChannelsFirst {
		h, channels = 2, 1
	}
	if v[0] != 1 || v[channels] != 1 {
		c.fail("%s are %v; want 1 along the batch and the channels", name, v)
	}
	return [2]int{v[h], v[h+1]}
}

// padding reads how windows begin and end.
func (c *call) padding() (ops.Padding, [2][2]int) {
	switch p := c.text("padding", ""); p {
	case "SAME":
		return ops.Same, [2][2]int{}
	case "VALID":
		return ops.Valid, [2][2]int{}
	case "EXPLICIT":
		v := c.list("explicit_paddings")
		if len(v) != 8 {
			c.fail("explicit_paddings are %v; want two numbers for each of 4 axes", v)
		}
		h := 2
		if c.format() == ops.ChannelsFirst {
			h = 4
		}
		return ops.Valid, [2][2]int{{v[h], v[h+1]}, {v[h+2], v[h+3]}}
	default:
		c.fail("padding is %q; want SAME, VALID or EXPLICIT", p)
		return 0, [2][2]int{}
	}
}

// convolution reads the attributes of one.
func (c *call) convolution() ops.ConvolutionConfig {
	cfg := ops.ConvolutionConfig{Strides: c.plane("strides"), Dilations: c.plane("dilations")}
	cfg.Padding, cfg.Pads = c.padding()
	return cfg
}

// channels is the number of channels of input i, images.
func (c *call) channels(i int) int {
	sp := c.spec(i)
	if sp.Rank() != 4 {
		c.fail("input %d is %v; want images", i, sp)
	}
	if c.format() == ops.ChannelsFirst {
		return sp.Shape[1]
	}
	return sp.Shape[3]
}

// conv2D may have groups: its kernel then sees a part of the channels.
func conv2D(c *call) []*value { return one(c.conv(c.s)) }

// images applies f to input i with the channels last, and turns the result back where they are first.
func (c *call) images(s *graph.Scope, i int, f step) *gorgonia.Node {
	if c.rank(i) != 4 {
		c.fail("input %d is %v; want images", i, c.spec(i))
	}
	if c.format() == ops.ChannelsLast {
		return f(s, c.x(i))
	}
	return ops.Transpose(s, f(c.parts, ops.Transpose(c.parts, c.x(i), 0, 2, 3, 1)), 0, 3, 1, 2)
}

func (c *call) conv(s *graph.Scope) *gorgonia.Node {
	cfg := c.convolution()
	kernel := c.spec(1)
	if in := c.channels(0); kernel.Rank() == 4 && in > 0 && kernel.Shape[2] > 0 {
		cfg.Groups = in / kernel.Shape[2]
	}
	return c.images(s, 0, func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.Convolution(s, x, c.x(1), cfg) })
}

// depthwiseConv2D convolves each channel by itself: the kernel [height, width, channels, multiplier] is one of as many groups, whose
// outputs stand together as those of the kernel's last two axes do.
func depthwiseConv2D(c *call) []*value { return one(c.depthwise(c.s)) }

func (c *call) depthwise(s *graph.Scope) *gorgonia.Node {
	cfg := c.convolution()
	k := c.spec(1)
	if k.Rank() != 4 || !known(k.Shape) {
		c.fail("its kernel is %v; want [height, width, channels, multiplier]", k)
	}
	cfg.Groups = k.Shape[2]
	kernel := ops.Reshape(c.parts, c.x(1), k.Shape[0], k.Shape[1], 1, k.Shape[2]*k.Shape[3])
	return c.images(s, 0, func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.Convolution(s, x, kernel, cfg) })
}

// conv2DBackpropInput is a transposed convolution: the gradient of a convolution for images of the sizes that are given.
func conv2DBackpropInput(c *call) []*value {
	z := c.sizes(0)
	if len(z.of) != 4 {
		c.fail("input 0 has %d sizes; want those of images", len(z.of))
	}
	if c.format() == ops.ChannelsFirst {
		z = &sizes{of: []size{z.of[0], z.of[2], z.of[3], z.of[1]}}
	}
	return one(c.images(c.s, 2, func(s *graph.Scope, dy *gorgonia.Node) *gorgonia.Node {
		images := shaped(c.parts, graph.SpecOf(dy).Dtype, z)
		y := ops.Convolution(c.parts, images, c.x(1), c.convolution())
		grads := graph.Gradients(s, gorgonia.Nodes{y}, gorgonia.Nodes{images}, gorgonia.Nodes{dy})
		if len(grads) != 1 || grads[0] == nil {
			c.fail("the convolution has no gradient for its images")
		}
		return grads[0]
	}))
}

func biasAdd(c *call) []*value { return one(c.biased(c.s, c.x(0), c.x(1))) }

// biased adds a bias to the channels.
func (c *call) biased(s *graph.Scope, x, bias *gorgonia.Node) *gorgonia.Node {
	rank := graph.SpecOf(x).Rank()
	if c.format() == ops.ChannelsLast || rank < 3 {
		return ops.BiasAdd(s, x, bias)
	}
	for a := 2; a < rank; a++ {
		bias = ops.ExpandDims(c.parts, bias, a-1)
	}
	return ops.Add(s, x, bias)
}

// fusedConv2D is a convolution with what follows it, as graphs that were optimised for inference have it.
func fusedConv2D(c *call) []*value { return c.fused(c.conv(c.parts)) }

func fusedDepthwiseConv2D(c *call) []*value { return c.fused(c.depthwise(c.parts)) }

func fusedMatMul(c *call) []*value {
	y := ops.MatMulT(c.parts, c.x(0), c.x(1), c.bool("transpose_a"), c.bool("transpose_b"))
	return c.fused(y)
}

// fused adds what fused_ops names: a bias, batch norm with given statistics, an activation.
func (c *call) fused(y *gorgonia.Node) []*value {
	names, _ := c.attrs["fused_ops"].Value.([]string)
	at := 2
	for i, name := range names {
		s := c.parts
		if i == len(names)-1 {
			s = c.s
		}
		switch name {
		case "BiasAdd":
			y = c.biased(s, y, c.x(at))
			at++
		case "FusedBatchNorm":
			if c.format() != ops.ChannelsLast {
				c.fail("it is fused with batch norm and has the channels first; want them last")
			}
			y = c.normalised(s, y, at, c.float("epsilon", 1e-4))
			at += 4
		case "Relu":
			y = ops.ReLU(s, y)
		case "Relu6":
			y = ops.ReLU6(s, y)
		case "Elu":
			y = ops.ELU(s, y, 1)
		case "LeakyRelu":
			y = ops.LeakyReLU(s, y, c.float("leakyrelu_alpha", 0.2))
		case "Sigmoid":
			y = ops.Sigmoid(s, y)
		case "Tanh":
			y = ops.Tanh(s, y)
		case "Prelu":
			slope := c.x(at)
			at++
			zero := graph.ConstOf(c.parts, graph.SpecOf(y).Dtype, 0)
			y = ops.Add(s, ops.Maximum(c.parts, y, zero), ops.Mul(c.parts, slope, ops.Minimum(c.parts, y, zero)))
		default:
			c.fail("it is fused with %s (%s); want BiasAdd, FusedBatchNorm and activations", name, strings.Join(names, ", "))
		}
	}
	if len(names) == 0 {
		y = graph.Identity(c.s, y)
	}
	return one(y)
}

func maxPool(c *call) []*value {
	cfg := ops.MaxPool2DConfig{Size: c.plane("ksize"), Strides: c.plane("strides")}
	cfg.Padding, cfg.Pads = c.padding()
	return one(c.images(c.s, 0, func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.MaxPool2D(s, x, cfg) }))
}

func avgPool(c *call) []*value {
	cfg := ops.AvgPool2DConfig{Size: c.plane("ksize"), Strides: c.plane("strides")}
	cfg.Padding, cfg.Pads = c.padding()
	return one(c.images(c.s, 0, func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.AvgPool2D(s, x, cfg) }))
}

func lrn(c *call) []*value {
	return one(ops.LRN(c.s, c.x(0), ops.LRNConfig{DepthRadius: c.int("depth_radius", 5), Bias: zeroIs(c.float("bias", 1)),
		Alpha: zeroIs(c.float("alpha", 1)), Beta: zeroIs(c.float("beta", 0.5))}))
}

// zeroIs says zero explicitly, where zero means default.
func zeroIs(v float64) float64 {
	if v == 0 {
		return graph.Zero
	}
	return v
}

// resizeBilinear gives float32, whatever the images are.
func resizeBilinear(c *call) []*value {
	to, cfg := c.resizing()
	return one(ops.ResizeBilinear(c.s, castTo(c.parts, c.x(0), tensor.Float32), to[0], to[1], cfg))
}

// resizeNearest keeps the dtype of the images.
func resizeNearest(c *call) []*value {
	to, cfg := c.resizing()
	if c.spec(0).IsFloat() {
		return one(ops.ResizeNearest(c.s, c.x(0), to[0], to[1], cfg))
	}
	y := ops.ResizeNearest(c.parts, ops.Cast(c.parts, c.x(0), tensor.Float64), to[0], to[1], cfg)
	return one(ops.Cast(c.s, y, c.spec(0).Dtype))
}

// resizing is the size of images, which is an input, and where their pixels are.
func (c *call) resizing() ([]int, ops.ResizeConfig) {
	to := c.ints(1)
	if len(to) != 2 {
		c.fail("the size is %v; want a height and a width", to)
	}
	return to, ops.ResizeConfig{AlignCorners: c.bool("align_corners"), HalfPixelCenters: c.bool("half_pixel_centers")}
}

// blocks moves pixels to channels or back.
func blocks(f func(s *graph.Scope, x *gorgonia.Node, block int, cfg ops.DepthToSpaceConfig) *gorgonia.Node) operator {
	return func(c *call) []*value {
		return one(c.images(c.s, 0, func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
			return f(s, x, c.int("block_size", 0), ops.DepthToSpaceConfig{})
		}))
	}
}
