package zoo

import (
	"fmt"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training/boxes"
)

// UltraLightRFB is a single-shot detector of faces for small machines, version-RFB-320 of Linzaer's Ultra-Light-Fast-Generic-Face-Detector-1MB (2019): a narrow
// MobileNet v1 with a receptive field block, which sees at three distances as the eye does (Liu, Huang and Wang, "Receptive field block net for
// accurate and fast object detection", 2017). It has the names of the authors' PyTorch code.
//
//	endpoint                     layer                                                        240 x 320 x 3
//	base_net/0                   conv 3x3, stride 2, ReLU                                     120 x 160 x 16
//	base_net/1                   depthwise 3x3, ReLU; conv 1x1, ReLU                          120 x 160 x 32
//	base_net/2, base_net/3       the same, the first of stride 2                              60 x 80 x 32
//	base_net/4 ... base_net/6    the same                                                     30 x 40 x 64
//	base_net/7/branch0           conv 1x1, 8; 3x3, 16, ReLU; 3x3 of dilation 2, 16            30 x 40 x 16
//	base_net/7/branch1           the same, the last of dilation 3                             30 x 40 x 16
//	base_net/7/branch2           conv 1x1, 8; 3x3, 12, ReLU; 3x3, 16, ReLU; of dilation 5     30 x 40 x 16
//	base_net/7                   conv 1x1 of the branches, and of base_net/6: the sum, ReLU   30 x 40 x 64
//	base_net/8 ... base_net/10   depthwise 3x3 and conv 1x1, the first of stride 2            15 x 20 x 128
//	base_net/11, base_net/12     the same                                                     8 x 10 x 256
//	extras/0                     conv 1x1, 64; depthwise 3x3, stride 2; conv 1x1; ReLUs       4 x 5 x 256
//	classification_headers/0     of base_net/7: depthwise 3x3, ReLU; conv 1x1                 30 x 40 x 6
//	classification_headers/1     the same of base_net/10                                      15 x 20 x 4
//	classification_headers/2     the same of base_net/12                                      8 x 10 x 4
//	classification_headers/3     conv 3x3 of extras/0                                         4 x 5 x 6
//	regression_headers/0 ... 3   the same with four numbers a prior                           30 x 40 x 12, ...
//	locations                    those of all priors                                          4420 x 4
//	confidences                  logits of all priors                                         4420 x 2
//
// Batch norm follows every convolution of base_net, and no other. base_net/1/2 and its sisters are the depthwise convolution behind its ReLU.
//
// x is float, [batch, height, width, channels] of known sizes but for the batch; published are multiples of 80 x 107, such as 240 x 320. Classes
// counts the background, which is the first. UltraLightRFBHead makes boxes of the endpoints locations and confidences, which is the Output. With NoTop the
// network ends with base_net/12. Kernels are drawn by Glorot's rule; biases begin at zero.
func UltraLightRFB(s *graph.Scope, x *gorgonia.Node, cfg Config) *Model {
	n, h := newNet(s, "Ultra-Light RFB", x, cfg, 2, false)
	n.norm = ops.BatchNormConfig{Momentum: 0.9, Epsilon: 1e-5}
	base := func(i int) *graph.Scope { return s.Sub(fmt.Sprintf("base_net/%d", i)) }
	if spec := graph.SpecOf(h); spec.Rank() == 4 && !graph.IsBad(h) && (spec.Shape[1] < 0 || spec.Shape[2] < 0) {
		h = s.Failf("Ultra-Light RFB", gorgonia.Nodes{h}, "x is %v; want a known height and width, which give the number of priors", spec)
	}

	l := base(0)
	h = n.end(l, ops.ReLU(l, n.convNorm(l.Sub("0"), l.Sub("1"), h, 16, square(3), ops.Conv2DConfig{Strides: square(2), Pads: padded(1)})))
	var maps gorgonia.Nodes
	for i, block := range []struct{ filters, stride int }{
		1: {32, 1}, 2: {32, 2}, 3: {32, 1}, 4: {64, 2}, 5: {64, 1}, 6: {64, 1}, 7: {64, 1}, 8: {128, 2}, 9: {128, 1}, 10: {128, 1}, 11: {256, 2}, 12: {256, 1},
	} {
		switch i {
		case 0:
			continue
		case 7:
			h = n.receptiveField(base(i), h)
		default:
			h = n.ultraLightBlock(base(i), h, block.filters, block.stride)
		}
		if i == 7 || i == 10 || i == 12 {
			maps = append(maps, h)
		}
	}
	if cfg.NoTop {
		return n.built(h)
	}
	l = s.Sub("extras/0")
	h = ops.ReLU(l, n.conv(l.Sub("0"), h, 64, square(1), ops.Conv2DConfig{}))
	maps = append(maps, n.end(l, ops.ReLU(l, n.separable(l.Sub("2"), h, 256, 2))))

	priors := UltraLightRFBHead().Sizes
	heads := func(kind string, each int) gorgonia.Nodes {
		var all gorgonia.Nodes
		for i, m := range maps {
			l := s.Sub(fmt.Sprintf("%s/%d", kind, i))
			var y *gorgonia.Node
			if i == 3 {
				y = n.conv(l, m, each*len(priors[i]), square(3), ops.Conv2DConfig{Pads: padded(1)})
			} else {
				y = n.separable(l, m, each*len(priors[i]), 1)
			}
			y = n.end(l, y)
			if shape := graph.SpecOf(y).Shape; len(shape) == 4 {
				y = ops.Reshape(l, y, -1, shape[1]*shape[2]*len(priors[i]), each)
			}
			all = append(all, y)
		}
		return all
	}
	classes, regression := heads("classification_headers", n.cfg.Classes), heads("regression_headers", 4)
	locations, confidences := s.Sub("locations"), s.Sub("confidences")
	n.end(locations, ops.Concat(locations, 1, regression...))
	return n.built(n.end(confidences, ops.Concat(confidences, 1, classes...)))
}

// UltraLightRFBHead says what the endpoints confidences and locations of UltraLightRFB mean.
func UltraLightRFBHead() boxes.SSD {
	return boxes.SSD{Strides: []int{8, 16, 32, 64}, Sizes: [][]float64{{10, 16, 24}, {32, 48}, {64, 96}, {128, 192, 256}}}
}

// ultraLightBlock is a depthwise convolution and one of 1 x 1, as seven modules of which the convolutions are 0 and 3.
func (n *net) ultraLightBlock(s *graph.Scope, x *gorgonia.Node, filters, stride int) *gorgonia.Node {
	relu := s.Sub("2")
	h := n.end(relu, ops.ReLU(relu, n.depthwiseNorm(s.Sub("0"), s.Sub("1"), x, ops.DepthwiseConv2DConfig{Strides: square(stride), Pads: padded(1)})))
	return n.end(s, ops.ReLU(s, n.convNorm(s.Sub("3"), s.Sub("4"), h, filters, square(1), ops.Conv2DConfig{})))
}

// receptiveField is the receptive field block: an eighth of the channels seen at three distances.
func (n *net) receptiveField(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	norm := n.norm
	defer func() { n.norm = norm }()
	n.norm.Momentum = 0.99
	channels := graph.SpecOf(x).Shape[3]
	layer := func(l *graph.Scope, x *gorgonia.Node, filters, size, dilation int) *gorgonia.Node {
		return n.convNorm(l.Sub("conv"), l.Sub("bn"), x, filters, square(size), ops.Conv2DConfig{Pads: padded(size / 2 * dilation), Dilations: square(dilation)})
	}
	var branches gorgonia.Nodes
	for i, branch := range []struct {
		between  []int // filters of the convolutions of 3 x 3 before the last
		dilation int   // of the last
	}{{[]int{channels / 4}, 2}, {[]int{channels / 4}, 3}, {[]int{channels / 16 * 3, channels / 4}, 5}} {
		b := s.Sub(fmt.Sprintf("branch%d", i))
		h := layer(b.Sub("0"), x, channels/8, 1, 1)
		for j, filters := range branch.between {
			l := b.Sub(fmt.Sprint(j + 1))
			h = ops.ReLU(l, layer(l, h, filters, 3, 1))
		}
		h = layer(b.Sub(fmt.Sprint(len(branch.between)+1)), h, channels/4, 3, branch.dilation)
		branches = append(branches, n.end(b, h))
	}
	h := layer(s.Sub("ConvLinear"), ops.Concat(s, 3, branches...), channels, 1, 1)
	return n.end(s, ops.ReLU(s, ops.Add(s, h, layer(s.Sub("shortcut"), x, channels, 1, 1))))
}

// separable is a depthwise convolution and one of 1 x 1 with a ReLU between them, as three modules.
func (n *net) separable(s *graph.Scope, x *gorgonia.Node, filters, stride int) *gorgonia.Node {
	depthwise := ops.DepthwiseConv2DConfig{Strides: square(stride), Pads: padded(1), Kernel: n.cfg.Kernel}
	h := ops.ReLU(s, ops.DepthwiseConv2D(s.Sub("0"), x, square(3), depthwise))
	return n.conv(s.Sub("2"), h, filters, square(1), ops.Conv2DConfig{})
}
