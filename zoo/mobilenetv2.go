package zoo

import (
	"fmt"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

// MobileNetV2 is built of inverted residuals, which expand few channels, convolve each by itself, and project them to few again: Sandler et al.,
// "MobileNetV2: inverted residuals and linear bottlenecks" (2018), table 2. Layers and variables have the names of
// keras.applications.MobileNetV2.
//
//	endpoint                    layer                                                 224 x 224 x 3
//	Conv1_relu                  conv 3x3, stride 2, 32                                112 x 112 x 32
//	expanded_conv_project_BN    inverted residual 16, without expansion               112 x 112 x 16
//	block_1, block_2            inverted residuals 24, the first of stride 2          56 x 56 x 24
//	block_3 ... block_5         inverted residuals 32, the first of stride 2          28 x 28 x 32
//	block_6 ... block_9         inverted residuals 64, the first of stride 2          14 x 14 x 64
//	block_10 ... block_12       inverted residuals 96                                 14 x 14 x 96
//	block_13 ... block_15       inverted residuals 160, the first of stride 2         7 x 7 x 160
//	block_16                    inverted residual 320                                 7 x 7 x 320
//	out_relu                    conv 1x1, 1280                                        7 x 7 x 1280
//	global_average_pooling2d    global average pool                                   1280
//	Logits                      dropout .2, dense 1000: logits                        1000
//
// An inverted residual gives block_1_expand_relu (conv 1x1 to six times the channels), block_1_depthwise_relu (depthwise 3x3) and block_1_project_BN (conv 1x1,
// linear). Where neither size nor channels change, block_2_add is the sum with the block's input. Batch norm follows every convolution, then ReLU6 all but the
// linear ones. Widths multiply the channels, to a multiple of 8; published are .35, .5, .75, 1, 1.3 and 1.4.
//
// x is float, [batch, height, width, channels] with channels known, of any size; the published ones are 96 to 224. With NoTop the network ends with
// out_relu. Original pads as TensorFlow's SAME and has epsilon .001 in batch norm, as the authors' TF-slim and the ports Keras and TFSlim, which are
// the same. The port Torchvision, and Timm alike, is torchvision.models.mobilenet_v2: it pads by 1 on all sides, and epsilon is 1e-5. At
// even sizes TensorFlow's windows of stride 2 stand a pixel further down and to the right, so weights of the one are not good for the other.
// Kernels are drawn as Keras does, by Glorot's rule.
func MobileNetV2(s *graph.Scope, x *gorgonia.Node, cfg Config) *Model {
	n, h := newNet(s, "MobileNet v2", x, cfg, 1000, true,
		published{Keras, Original, kerasMobileNetV2, 0.999}, published{Torchvision, Torchvision, torchvisionMobileNetV2, 0},
		published{Timm, Torchvision, timmMobileNetV2, 0}, published{TFSlim, Original, slimMobileNetV2, 0.997})
	padding, pads := ops.Same, [2][2]int{}
	if n.port.alike == Torchvision {
		padding, pads = ops.Valid, padded(1)
		n.norm = ops.BatchNormConfig{Momentum: 0.9, Epsilon: 1e-5}
	}
	relu6 := func(name string, x *gorgonia.Node) *gorgonia.Node {
		l := s.Sub(name)
		return n.end(l, ops.ReLU6(l, x))
	}
	pointwise := func(name, norm string, x *gorgonia.Node, filters int) *gorgonia.Node {
		return n.convNorm(s.Sub(name), s.Sub(norm), x, filters, square(1), ops.Conv2DConfig{})
	}
	// residual is an inverted residual of channels, which are expanded so many times, to filters.
	residual := func(name string, x *gorgonia.Node, channels, expansion, filters, stride int) *gorgonia.Node {
		h := x
		if expansion > 1 {
			h = relu6(name+"_expand_relu", pointwise(name+"_expand", name+"_expand_BN", h, expansion*channels))
		}
		h = n.depthwiseNorm(s.Sub(name+"_depthwise"), s.Sub(name+"_depthwise_BN"), h, ops.DepthwiseConv2DConfig{Strides: square(stride), Padding: padding, Pads: pads})
		h = relu6(name+"_depthwise_relu", h)
		h = n.end(s.Sub(name+"_project_BN"), pointwise(name+"_project", name+"_project_BN", h, filters))
		if stride > 1 || channels != filters {
			return h
		}
		add := s.Sub(name + "_add")
		return n.end(add, ops.Add(add, x, h))
	}

	channels := divisible(32*n.cfg.Width, 8)
	h = n.convNorm(s.Sub("Conv1"), s.Sub("bn_Conv1"), h, channels, square(3), ops.Conv2DConfig{Strides: square(2), Padding: padding, Pads: pads})
	h = relu6("Conv1_relu", h)
	block := 0
	for _, stage := range []struct{ expansion, filters, blocks, stride int }{
		{1, 16, 1, 1}, {6, 24, 2, 2}, {6, 32, 3, 2}, {6, 64, 4, 2}, {6, 96, 3, 1}, {6, 160, 3, 2}, {6, 320, 1, 1},
	} {
		filters := divisible(float64(stage.filters)*n.cfg.Width, 8)
		for i := range stage.blocks {
			name, stride := "expanded_conv", 1
			if block > 0 {
				name = fmt.Sprintf("block_%d", block)
			}
			if i == 0 {
				stride = stage.stride
			}
			h = residual(name, h, channels, stage.expansion, filters, stride)
			channels = filters
			block++
		}
	}
	h = relu6("out_relu", pointwise("Conv_1", "Conv_1_bn", h, divisible(1280*max(1, n.cfg.Width), 8)))
	if cfg.NoTop {
		return n.built(h)
	}
	pool := s.Sub("global_average_pooling2d")
	h = n.end(pool, ops.GlobalAvgPool(pool, h, ops.GlobalPoolConfig{}))
	logits := s.Sub("Logits")
	return n.built(n.end(logits, n.dense(logits, ops.Dropout(logits, h, 0.2, cfg.Training), n.cfg.Classes, ops.DenseConfig{})))
}

// divisible is a number of channels, a multiple of by, next to the wanted one, and not more than a tenth below it.
func divisible(wanted float64, by int) int {
	n := max(by, int(wanted+float64(by)/2)/by*by)
	if float64(n) < 0.9*wanted {
		n += by
	}
	return n
}
