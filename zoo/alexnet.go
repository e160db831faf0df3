package zoo

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

// AlexNet is the network of ImageNet 2012 in the form for a single processor: Krizhevsky, "One weird trick for
// parallelizing convolutional neural networks" (2014), as torchvision's alexnet (the port Torchvision is the
// same) has it. It has one tower, fewer channels than
// that of 2012 (Krizhevsky, Sutskever and Hinton, "ImageNet classification with deep convolutional neural networks"), and no local response normalisation.
//
//	endpoint   layer                                  224 x 224 x 3
//	conv1      conv 11x11, 64, stride 4, pad 2, ReLU  55 x 55 x 64
//	pool1      max pool 3x3, stride 2                 27 x 27 x 64
//	conv2      conv 5x5, 192, pad 2, ReLU             27 x 27 x 192
//	pool2      max pool 3x3, stride 2                 13 x 13 x 192
//	conv3      conv 3x3, 384, pad 1, ReLU             13 x 13 x 384
//	conv4      conv 3x3, 256, pad 1, ReLU             13 x 13 x 256
//	conv5      conv 3x3, 256, pad 1, ReLU             13 x 13 x 256
//	pool5      max pool 3x3, stride 2                 6 x 6 x 256
//	avgpool    adaptive average pool                  6 x 6 x 256
//	fc6        dropout .5, dense 4096, ReLU           4096
//	fc7        dropout .5, dense 4096, ReLU           4096
//	fc8        dense 1000: logits                     1000
//
// x is float, [batch, height, width, channels] with channels known, and height and width from 63 up. The pool before
// fc6 does nothing for 224 x 224 and makes 6 x 6 of other maps. fc6 sees the map row by row with the channels
// last, so that the rows of torchvision's weight, where the channels are first, have to be reordered. NoTop ends with pool5.
// Kernels are drawn as PyTorch draws them by default, uniformly to 1/sqrt(fan-in); biases start from zero, where PyTorch draws them too.
func AlexNet(s *graph.Scope, x *gorgonia.Node, cfg Config) *Model { return alexNet(s, x, cfg, 4096) }

// alexNet has so many units in fc6 and fc7.
func alexNet(s *graph.Scope, x *gorgonia.Node, cfg Config, units int) *Model {
	n, h := newNet(s, "AlexNet", x, cfg, 1000, false, published{Torchvision, Original, torchvisionAlexNet, 0})
	conv := func(name string, filters, size, stride int) {
		l := s.Sub(name)
		pad := size / 2
		if stride > 1 {
			pad = 2
		}
		h = n.end(l, n.conv(l, h, filters, square(size), ops.Conv2DConfig{Strides: square(stride), Pads: padded(pad), Kernel: uniformFanIn(), Activation: ops.ReLU}))
	}
	pool := func(name string) {
		l := s.Sub(name)
		h = n.end(l, ops.MaxPool2D(l, h, ops.MaxPool2DConfig{Size: square(3), Strides: square(2)}))
	}
	conv("conv1", 64, 11, 4)
	pool("pool1")
	conv("conv2", 192, 5, 1)
	pool("pool2")
	conv("conv3", 384, 3, 1)
	conv("conv4", 256, 3, 1)
	conv("conv5", 256, 3, 1)
	pool("pool5")
	if cfg.NoTop {
		return n.built(h)
	}
	l := s.Sub("avgpool")
	h = ops.Flatten(l, n.end(l, ops.AdaptiveAvgPool2D(l, h, 6, 6, ops.ChannelsLast)))
	for _, name := range []string{"fc6", "fc7"} {
		l := s.Sub(name)
		h = ops.Dropout(l, h, 0.5, n.cfg.Training)
		h = n.end(l, n.dense(l, h, units, ops.DenseConfig{Kernel: uniformFanIn(), Activation: ops.ReLU}))
	}
	l = s.Sub("fc8")
	return n.built(n.end(l, n.dense(l, h, n.cfg.Classes, ops.DenseConfig{Kernel: uniformFanIn()})))
}
