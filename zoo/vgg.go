package zoo

import (
	"fmt"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/ops"
)

// VGG11 is the network of 11 layers with weights, configuration A, of Simonyan and Zisserman, "Very deep convolutional networks for
// large-scale image recognition" (2014), as torchvision's vgg11 has it. The ports Torchvision, Timm, Keras and
// TFSlim are the same for images of 224 x 224, the size that Keras and TF-slim want; of larger ones timm takes fc7 at every place, and its mean. Keras and TF-slim
// do not have all depths, and no batch norm.
//
//	endpoint                layer                              224 x 224 x 3
//	conv1_1                 conv 3x3, 64, pad 1, ReLU          224 x 224 x 64
//	pool1                   max pool 2x2                       112 x 112 x 64
//	conv2_1                 conv 3x3, 128, pad 1, ReLU         112 x 112 x 128
//	pool2                   max pool 2x2                       56 x 56 x 128
//	conv3_1, conv3_2        conv 3x3, 256, pad 1, ReLU each    56 x 56 x 256
//	pool3                   max pool 2x2                       28 x 28 x 256
//	conv4_1, conv4_2        conv 3x3, 512, pad 1, ReLU each    28 x 28 x 512
//	pool4                   max pool 2x2                       14 x 14 x 512
//	conv5_1, conv5_2        conv 3x3, 512, pad 1, ReLU each    14 x 14 x 512
//	pool5                   max pool 2x2                       7 x 7 x 512
//	avgpool                 adaptive average pool              7 x 7 x 512
//	fc6, fc7                dense 4096, ReLU, dropout .5 each  4096
//	fc8                     dense 1000: logits                 1000
//
// x is float, [batch, height, width, channels] with channels known, and height and width from 32 up. The pool before
// fc6 does nothing for 224 x 224 and makes 7 x 7 of other maps. fc6 sees the map row by row with the channels last, so that
// the rows of torchvision's weight, where the channels are first, have to be reordered. NoTop ends with pool5. Kernels
// of convolutions are drawn by He's rule (fan-out), those of dense layers normally with a deviation of .01; the authors drew all of them
// so, and began the deeper networks from trained layers of this one. fc6 and fc7 as endpoints are before dropout.
func VGG11(s *graph.Scope, x *gorgonia.Node, cfg Config) *Model {
	return newVGG("VGG-11", false, 1, 1, 2, 2, 2).build(s, x, cfg)
}

// VGG13 is configuration B: VGG11 with two convolutions before each pool, conv1_1 and conv1_2 to conv5_1 and conv5_2.
func VGG13(s *graph.Scope, x *gorgonia.Node, cfg Config) *Model {
	return newVGG("VGG-13", false, 2, 2, 2, 2, 2).build(s, x, cfg)
}

// VGG16 is configuration D: VGG13 with three convolutions before the last three pools, up to conv3_3, conv4_3 and conv5_3.
func VGG16(s *graph.Scope, x *gorgonia.Node, cfg Config) *Model {
	return newVGG("VGG-16", false, 2, 2, 3, 3, 3).build(s, x, cfg)
}

// VGG19 is configuration E: VGG13 with four convolutions before the last three pools, up to conv3_4, conv4_4 and conv5_4.
func VGG19(s *graph.Scope, x *gorgonia.Node, cfg Config) *Model {
	return newVGG("VGG-19", false, 2, 2, 4, 4, 4).build(s, x, cfg)
}

// VGG11BN is VGG11 with batch norm, epsilon 1e-5 and momentum .9, between each convolution and its ReLU, as torchvision's vgg11_bn
// has it (the paper has none). Its variables stand in bn1_1, bn2_1, ...; the endpoints are the same, and so is the bias
// of the convolutions.
func VGG11BN(s *graph.Scope, x *gorgonia.Node, cfg Config) *Model {
	return newVGG("VGG-11 BN", true, 1, 1, 2, 2, 2).build(s, x, cfg)
}

// VGG13BN is VGG13 with batch norm, as in VGG11BN.
func VGG13BN(s *graph.Scope, x *gorgonia.Node, cfg Config) *Model {
	return newVGG("VGG-13 BN", true, 2, 2, 2, 2, 2).build(s, x, cfg)
}

// VGG16BN is VGG16 with batch norm, as in VGG11BN.
func VGG16BN(s *graph.Scope, x *gorgonia.Node, cfg Config) *Model {
	return newVGG("VGG-16 BN", true, 2, 2, 3, 3, 3).build(s, x, cfg)
}

// VGG19BN is VGG19 with batch norm, as in VGG11BN.
func VGG19BN(s *graph.Scope, x *gorgonia.Node, cfg Config) *Model {
	return newVGG("VGG-19 BN", true, 2, 2, 4, 4, 4).build(s, x, cfg)
}

// vgg is a network of the family.
type vgg struct {
	name      string
	batchNorm bool
	convs     []int // before each pool
	units     int   // of fc6 and fc7
}

func newVGG(name string, batchNorm bool, convs ...int) vgg { return vgg{name, batchNorm, convs, 4096} }

func (v vgg) build(s *graph.Scope, x *gorgonia.Node, cfg Config) *Model {
	ports := []published{{Torchvision, Original, torchvisionVGG, 0}, {Timm, Original, timmVGG, 0}}
	if !v.batchNorm {
		ports = append(ports, published{Keras, Original, kerasVGG, 0}, published{TFSlim, Original, slimVGG, 0})
	}
	n, h := newNet(s, v.name, x, cfg, 1000, false, ports...)
	n.norm = ops.BatchNormConfig{Momentum: 0.9, Epsilon: 1e-5}
	for i, convs := range v.convs {
		for j := range convs {
			h = v.conv(n, h, fmt.Sprintf("%d_%d", i+1, j+1), min(64<<i, 512))
		}
		l := s.Sub(fmt.Sprintf("pool%d", i+1))
		h = n.end(l, ops.MaxPool2D(l, h, ops.MaxPool2DConfig{}))
	}
	if cfg.NoTop {
		return n.built(h)
	}
	l := s.Sub("avgpool")
	h = ops.Flatten(l, n.end(l, ops.AdaptiveAvgPool2D(l, h, 7, 7, ops.ChannelsLast)))
	kernel := initializers.RandomNormal(0, 0.01)
	for _, name := range []string{"fc6", "fc7"} {
		l := s.Sub(name)
		h = n.end(l, n.dense(l, h, v.units, ops.DenseConfig{Kernel: kernel, Activation: ops.ReLU}))
		h = ops.Dropout(l, h, 0.5, n.cfg.Training)
	}
	l = s.Sub("fc8")
	return n.built(n.end(l, n.dense(l, h, n.cfg.Classes, ops.DenseConfig{Kernel: kernel})))
}

// conv is a convolution with what follows it.
func (v vgg) conv(n *net, x *gorgonia.Node, number string, filters int) *gorgonia.Node {
	s := n.model.scope
	l := s.Sub("conv" + number)
	h := n.conv(l, x, filters, square(3), ops.Conv2DConfig{Pads: padded(1), Kernel: heFanOut()})
	if v.batchNorm {
		h = n.batchNorm(s.Sub("bn"+number), h)
	}
	return n.end(l, ops.ReLU(l, h))
}
