package zoo

import (
	"fmt"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

// MobileNetV1 is built of depthwise separable convolutions: Howard et al., "MobileNets: efficient convolutional neural networks for mobile
// vision applications" (2017), table 1. Layers and variables have the names of keras.applications.MobileNet.
//
//	endpoint                            layer                                        224 x 224 x 3
//	conv1_relu                          conv 3x3, stride 2, 32                       112 x 112 x 32
//	conv_dw_1_relu, conv_pw_1_relu      depthwise 3x3; conv 1x1, 64                  112 x 112 x 64
//	conv_dw_2_relu, conv_pw_2_relu      depthwise 3x3, stride 2; conv 1x1, 128       56 x 56 x 128
//	conv_dw_3_relu, conv_pw_3_relu      depthwise 3x3; conv 1x1, 128                 56 x 56 x 128
//	conv_dw_4_relu, conv_pw_4_relu      depthwise 3x3, stride 2; conv 1x1, 256       28 x 28 x 256
//	conv_dw_5_relu, conv_pw_5_relu      depthwise 3x3; conv 1x1, 256                 28 x 28 x 256
//	conv_dw_6_relu, conv_pw_6_relu      depthwise 3x3, stride 2; conv 1x1, 512       14 x 14 x 512
//	conv_dw_7_relu ... conv_pw_11_relu  five times depthwise 3x3; conv 1x1, 512      14 x 14 x 512
//	conv_dw_12_relu, conv_pw_12_relu    depthwise 3x3, stride 2; conv 1x1, 1024      7 x 7 x 1024
//	conv_dw_13_relu, conv_pw_13_relu    depthwise 3x3; conv 1x1, 1024                7 x 7 x 1024
//	global_average_pooling2d            global average pool                          1024
//	conv_preds                          dropout .001, conv 1x1 1000: logits          1000
//
// Batch norm (epsilon .001) and ReLU6 follow every convolution but the last, and their result is the endpoint; the variables
// stand in conv_dw_1, conv_dw_1_bn and so on. Published widths are 1, .75, .5 and .25; no layer becomes narrower than 8.
//
// x is float, [batch, height, width, channels] with channels known, of any size; the published ones are 128, 160, 192 and 224. With NoTop the network ends
// with conv_pw_13_relu. Original pads as TensorFlow's SAME, which is the authors' TF-slim, TensorFlow.js and Keras up to 2.1; later ones of Keras put
// their zeros of stride 2 below and on the right, which differs where the map has an odd height or width: that is the port Keras. Keras 3 does so but for conv1, which
// differs from it for images of odd sizes only.
// Timm pads by 1 on all sides, and its epsilon is 1e-5. TFSlim is the same as Original.
// Kernels are drawn as Keras does, by Glorot's rule.
func MobileNetV1(s *graph.Scope, x *gorgonia.Node, cfg Config) *Model {
	n, h := newNet(s, "MobileNet v1", x, cfg, 1000, true,
		published{Keras, Keras, kerasMobileNetV1, 0.99}, published{Timm, Timm, timmMobileNetV1, 0.9}, published{TFSlim, Original, slimMobileNetV1, 0.9997})
	depth := func(filters int) int { return max(8, int(float64(filters)*n.cfg.Width)) }
	if n.port.alike == Timm {
		n.norm.Epsilon = 1e-5
	}
	window := func(stride, size int) ops.Conv2DConfig {
		switch {
		case n.port.alike == Timm:
			return ops.Conv2DConfig{Strides: square(stride), Pads: padded(size / 2)}
		case n.port.alike == Keras && stride > 1:
			return ops.Conv2DConfig{Strides: square(stride), Pads: [2][2]int{{0, 1}, {0, 1}}}
		}
		return ops.Conv2DConfig{Strides: square(stride), Padding: ops.Same}
	}
	relu6 := func(name string, x *gorgonia.Node) *gorgonia.Node {
		l := s.Sub(name + "_relu")
		return n.end(l, ops.ReLU6(l, x))
	}
	conv := func(name string, x *gorgonia.Node, filters, size, stride int) *gorgonia.Node {
		return relu6(name, n.convNorm(s.Sub(name), s.Sub(name+"_bn"), x, filters, square(size), window(stride, size)))
	}
	depthwise := func(name string, x *gorgonia.Node, stride int) *gorgonia.Node {
		w := window(stride, 3)
		return relu6(name, n.depthwiseNorm(s.Sub(name), s.Sub(name+"_bn"), x, ops.DepthwiseConv2DConfig{Strides: w.Strides, Padding: w.Padding, Pads: w.Pads}))
	}

	h = conv("conv1", h, depth(32), 3, 2)
	for i, block := range []struct{ filters, stride int }{
		{64, 1}, {128, 2}, {128, 1}, {256, 2}, {256, 1}, {512, 2}, {512, 1}, {512, 1}, {512, 1}, {512, 1}, {512, 1}, {1024, 2}, {1024, 1},
	} {
		h = depthwise(fmt.Sprintf("conv_dw_%d", i+1), h, block.stride)
		h = conv(fmt.Sprintf("conv_pw_%d", i+1), h, depth(block.filters), 1, 1)
	}
	if cfg.NoTop {
		return n.built(h)
	}
	pool := s.Sub("global_average_pooling2d")
	h = n.end(pool, ops.GlobalAvgPool(pool, h, ops.GlobalPoolConfig{}))
	preds := s.Sub("conv_preds")
	h = ops.Dropout(preds, ops.Reshape(preds, h, -1, 1, 1, depth(1024)), 0.001, cfg.Training)
	h = n.conv(preds, h, n.cfg.Classes, square(1), ops.Conv2DConfig{})
	return n.built(n.end(preds, ops.Flatten(preds, h)))
}
