package zoo

import (
	"fmt"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/ops"
)

// DenseNet121 gives each layer the results of all layers before it in its block: Huang, Liu, van der Maaten and Weinberger, "Densely connected
// convolutional networks" (2016), table 1, DenseNet-BC. It computes what torchvision.models.densenet121 computes, and has its names without "features".
//
//	endpoint        layer                                           224 x 224 x 3
//	relu0           conv 7x7, stride 2, 64                          112 x 112 x 64
//	pool0           max pool 3x3, stride 2                          56 x 56 x 64
//	denseblock1     6 dense layers, each adding 32 channels         56 x 56 x 256
//	transition1     conv 1x1, 128; average pool 2x2                 28 x 28 x 128
//	denseblock2     12 dense layers                                 28 x 28 x 512
//	transition2     conv 1x1, 256; average pool 2x2                 14 x 14 x 256
//	denseblock3     24 dense layers                                 14 x 14 x 1024
//	transition3     conv 1x1, 512; average pool 2x2                 7 x 7 x 512
//	denseblock4     16 dense layers                                 7 x 7 x 1024
//	norm5, relu5    batch norm; ReLU                                7 x 7 x 1024
//	avgpool         global average pool                             1024
//	classifier      dense 1000: logits                              1000
//
// Batch norm and ReLU precede a convolution. A dense layer gives two endpoints: denseblock1/denselayer1/conv1 (conv 1x1 to four times the channels that it adds)
// and denseblock1/denselayer1 (conv 3x3), which is what it adds, without what came before.
//
// x is float, [batch, height, width, channels] with channels known; images have 29 pixels or more either way. With NoTop the network ends with relu5. Original,
// Torchvision and Timm have epsilon 1e-5 in batch norm; the port Keras is the same but for an epsilon of 1.001e-5. Kernels are drawn as torchvision's by
// He's rule, that of the classifier uniformly within 1/sqrt(fan-in).
func DenseNet121(s *graph.Scope, x *gorgonia.Node, cfg Config) *Model {
	return denseNet(s, x, cfg, "DenseNet-121", 64, 32, [4]int{6, 12, 24, 16})
}

// DenseNet161 is DenseNet121 with 6, 12, 36 and 24 dense layers that add 48 channels each, and 96 channels in the first layer.
func DenseNet161(s *graph.Scope, x *gorgonia.Node, cfg Config) *Model {
	return denseNet(s, x, cfg, "DenseNet-161", 96, 48, [4]int{6, 12, 36, 24})
}

// DenseNet169 is DenseNet121 with 6, 12, 32 and 32 dense layers.
func DenseNet169(s *graph.Scope, x *gorgonia.Node, cfg Config) *Model {
	return denseNet(s, x, cfg, "DenseNet-169", 64, 32, [4]int{6, 12, 32, 32})
}

// DenseNet201 is DenseNet121 with 6, 12, 48 and 32 dense layers.
func DenseNet201(s *graph.Scope, x *gorgonia.Node, cfg Config) *Model {
	return denseNet(s, x, cfg, "DenseNet-201", 64, 32, [4]int{6, 12, 48, 32})
}

// denseNet builds a DenseNet that begins with so many channels and whose blocks of so many layers add growth channels a layer.
func denseNet(s *graph.Scope, x *gorgonia.Node, cfg Config, name string, channels, growth int, blocks [4]int) *Model {
	n, h := newNet(s, name, x, cfg, 1000, false,
		published{Keras, Keras, kerasDenseNet, 0.99}, published{Torchvision, Original, torchvisionDenseNet, 0}, published{Timm, Original, torchvisionDenseNet, 0})
	n.norm = ops.BatchNormConfig{Momentum: 0.9, Epsilon: 1e-5}
	if n.port.alike == Keras {
		n.norm.Epsilon = 1.001e-5
	}
	relu0, pool0 := s.Sub("relu0"), s.Sub("pool0")
	h = n.convNorm(s.Sub("conv0"), s.Sub("norm0"), h, channels, square(7), ops.Conv2DConfig{Strides: square(2), Pads: padded(3), Kernel: initializers.He()})
	h = n.end(relu0, ops.ReLU(relu0, h))
	h = n.end(pool0, ops.MaxPool2D(pool0, h, ops.MaxPool2DConfig{Size: square(3), Strides: square(2), Pads: padded(1)}))
	for i, layers := range blocks {
		if i > 0 {
			channels /= 2
			h = n.transition(s.Sub(fmt.Sprintf("transition%d", i)), h, channels)
		}
		h = n.denseBlock(s.Sub(fmt.Sprintf("denseblock%d", i+1)), h, layers, growth)
		channels += layers * growth
	}
	norm5, relu5 := s.Sub("norm5"), s.Sub("relu5")
	h = n.end(norm5, n.batchNorm(norm5, h))
	h = n.end(relu5, ops.ReLU(relu5, h))
	if cfg.NoTop {
		return n.built(h)
	}
	avgpool, classifier := s.Sub("avgpool"), s.Sub("classifier")
	h = n.end(avgpool, ops.GlobalAvgPool(avgpool, h, ops.GlobalPoolConfig{}))
	return n.built(n.end(classifier, n.dense(classifier, h, n.cfg.Classes, ops.DenseConfig{Kernel: uniformFanIn()})))
}

// denseBlock adds the channels of layers, one after the other, to those of x.
func (n *net) denseBlock(s *graph.Scope, x *gorgonia.Node, layers, growth int) *gorgonia.Node {
	for i := range layers {
		l := s.Sub(fmt.Sprintf("denselayer%d", i+1))
		h := n.normConv(l.Sub("norm1"), l.Sub("conv1"), x, 4*growth, 1)
		h = n.end(l.Sub("conv1"), h)
		h = n.end(l, n.normConv(l.Sub("norm2"), l.Sub("conv2"), h, growth, 3))
		x = ops.Concat(s, 3, x, h)
	}
	return n.end(s, x)
}

// transition makes the channels as many as it says and the image half as high and wide.
func (n *net) transition(s *graph.Scope, x *gorgonia.Node, channels int) *gorgonia.Node {
	h := n.normConv(s.Sub("norm"), s.Sub("conv"), x, channels, 1)
	return n.end(s, ops.AvgPool2D(s.Sub("pool"), h, ops.AvgPool2DConfig{}))
}

// normConv is batch norm, ReLU, and a convolution that keeps the size of the image.
func (n *net) normConv(norm, conv *graph.Scope, x *gorgonia.Node, filters, size int) *gorgonia.Node {
	h := ops.ReLU(norm, n.batchNorm(norm, x))
	return n.conv(conv, h, filters, square(size), ops.Conv2DConfig{Padding: ops.Same, NoBias: true, Kernel: initializers.He()})
}
