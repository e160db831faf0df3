package zoo

import (
	"fmt"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/ops"
)

// SqueezeNet10 has AlexNet's accuracy from 50 times fewer parameters: Iandola et al., "SqueezeNet: AlexNet-level accuracy
// with 50x fewer parameters and <0.5MB model size" (2016), version 1.0, without bypasses.
//
//	endpoint        layer                                   224 x 224 x 3
//	conv1           conv 7x7, stride 2, ReLU                109 x 109 x 96
//	pool1           max pool 3x3, stride 2                  54 x 54 x 96
//	fire2, fire3    fire 16, 64 + 64                        54 x 54 x 128
//	fire4           fire 32, 128 + 128                      54 x 54 x 256
//	pool4           max pool 3x3, stride 2                  27 x 27 x 256
//	fire5           fire 32, 128 + 128                      27 x 27 x 256
//	fire6, fire7    fire 48, 192 + 192                      27 x 27 x 384
//	fire8           fire 64, 256 + 256                      27 x 27 x 512
//	pool8           max pool 3x3, stride 2                  13 x 13 x 512
//	fire9           fire 64, 256 + 256                      13 x 13 x 512
//	conv10          dropout .5, conv 1x1 1000, ReLU         13 x 13 x 1000
//	pool10          global average pool: logits             1000
//
// Each fire module gives four endpoints, as fire2/squeeze1x1, fire2/expand1x1, fire2/expand3x3, all after their ReLU, and
// fire2/concat, the last two side by side.
//
// x is float, [batch, height, width, channels] with channels known; images have 21 pixels or more either way. With NoTop the
// network ends with fire9/concat. Original computes what the authors' Caffe model and torchvision.models.squeezenet1_0
// (the port Torchvision, which is the same) compute: pools round the number of their windows up. Those of the port Keras round
// down. Kernels are drawn as torchvision's: He's rule, uniform, and for conv10 a normal of .01.
func SqueezeNet10(s *graph.Scope, x *gorgonia.Node, cfg Config) *Model {
	return squeezeNet(s, x, cfg, "SqueezeNet 1.0", 96, 7, map[int]bool{1: true, 4: true, 8: true})
}

// SqueezeNet11 is SqueezeNet10 for 2.3 times less computation, without loss of accuracy: version 1.1 of the authors'
// repository, in which the first kernel is smaller and the pools come earlier.
//
//	endpoint        layer                                   224 x 224 x 3
//	conv1           conv 3x3, stride 2, ReLU                111 x 111 x 64
//	pool1           max pool 3x3, stride 2                  55 x 55 x 64
//	fire2, fire3    fire 16, 64 + 64                        55 x 55 x 128
//	pool3           max pool 3x3, stride 2                  27 x 27 x 128
//	fire4, fire5    fire 32, 128 + 128                      27 x 27 x 256
//	pool5           max pool 3x3, stride 2                  13 x 13 x 256
//	fire6, fire7    fire 48, 192 + 192                      13 x 13 x 384
//	fire8, fire9    fire 64, 256 + 256                      13 x 13 x 512
//	conv10          dropout .5, conv 1x1 1000, ReLU         13 x 13 x 1000
//	pool10          global average pool: logits             1000
//
// All else is as in SqueezeNet10; images have 17 pixels or more. At 224 x 224 and 227 x 227 the ports compute the same, as the pools come out even.
func SqueezeNet11(s *graph.Scope, x *gorgonia.Node, cfg Config) *Model {
	return squeezeNet(s, x, cfg, "SqueezeNet 1.1", 64, 3, map[int]bool{1: true, 3: true, 5: true})
}

// squeezeNet builds a SqueezeNet whose first convolution has so many filters of a size; pooled names the layers that a pool follows.
func squeezeNet(s *graph.Scope, x *gorgonia.Node, cfg Config, name string, filters, size int, pooled map[int]bool) *Model {
	n, h := newNet(s, name, x, cfg, 1000, false, published{Keras, Keras, kerasSqueezeNet, 0}, published{Torchvision, Original, torchvisionSqueezeNet, 0})
	pool := func(x *gorgonia.Node, layer int) *gorgonia.Node {
		if !pooled[layer] {
			return x
		}
		l := s.Sub(fmt.Sprintf("pool%d", layer))
		return n.end(l, ops.MaxPool2D(l, x, ops.MaxPool2DConfig{Size: square(3), Strides: square(2), CeilMode: n.port.alike != Keras}))
	}
	conv1 := s.Sub("conv1")
	h = n.end(conv1, n.conv(conv1, h, filters, square(size), ops.Conv2DConfig{Strides: square(2), Kernel: initializers.HeUniform(), Activation: ops.ReLU}))
	h = pool(h, 1)
	for i, squeeze := range []int{16, 16, 32, 32, 48, 48, 64, 64} {
		h = pool(n.fire(s.Sub(fmt.Sprintf("fire%d", i+2)), h, squeeze, 4*squeeze), i+2)
	}
	if cfg.NoTop {
		return n.built(h)
	}
	conv10 := s.Sub("conv10")
	h = ops.Dropout(conv10, h, 0.5, cfg.Training)
	h = n.end(conv10, n.conv(conv10, h, n.cfg.Classes, square(1), ops.Conv2DConfig{Kernel: initializers.RandomNormal(0, 0.01), Activation: ops.ReLU}))
	pool10 := s.Sub("pool10")
	return n.built(n.end(pool10, ops.GlobalAvgPool(pool10, h, ops.GlobalPoolConfig{})))
}

// fire squeezes the channels of x and expands them by kernels of two sizes, each to so many.
func (n *net) fire(s *graph.Scope, x *gorgonia.Node, squeeze, expand int) *gorgonia.Node {
	conv := func(name string, x *gorgonia.Node, filters, size int) *gorgonia.Node {
		l := s.Sub(name)
		return n.end(l, n.conv(l, x, filters, square(size), ops.Conv2DConfig{Padding: ops.Same, Kernel: initializers.HeUniform(), Activation: ops.ReLU}))
	}
	h := conv("squeeze1x1", x, squeeze, 1)
	concat := s.Sub("concat")
	return n.end(concat, ops.Concat(concat, 3, conv("expand1x1", h, expand, 1), conv("expand3x3", h, expand, 3)))
}
