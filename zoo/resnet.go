package zoo

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

// ResNet18 is the residual network of 18 layers with weights of He, Zhang, Ren and Sun, "Deep residual learning for image
// recognition" (2015), as torchvision's resnet18 has it. The ports Torchvision and Timm are the same.
//
//	endpoint                layer                                             224 x 224 x 3
//	conv1                   conv 7x7, 64, stride 2, pad 3, batch norm, ReLU   112 x 112 x 64
//	maxpool                 max pool 3x3, stride 2, pad 1                     56 x 56 x 64
//	layer1/0, layer1/1      blocks of 64                                      56 x 56 x 64
//	layer2/0, layer2/1      blocks of 128, the first with stride 2            28 x 28 x 128
//	layer3/0, layer3/1      blocks of 256, the first with stride 2            14 x 14 x 256
//	layer4/0, layer4/1      blocks of 512, the first with stride 2            7 x 7 x 512
//	avgpool                 global average pool                               512
//	fc                      dense 1000: logits                                1000
//
// A block adds its input, or a 1x1 convolution of it with batch norm where the shape changes (endpoint layer2/0/downsample, and so
// on), to two 3x3 convolutions (layer1/0/conv1 with ReLU, layer1/0/conv2 without), each with batch norm, and ends with ReLU. The end of a
// stage is called layer1 to layer4 as well. Batch norm has epsilon 1e-5 and momentum .9; convolutions have no bias.
//
// x is float, [batch, height, width, channels] with channels known, of any size. NoTop ends with layer4. Kernels of
// convolutions are drawn by He's rule (fan-out); that of fc uniformly to 1/sqrt(fan-in), with the bias from zero.
func ResNet18(s *graph.Scope, x *gorgonia.Node, cfg Config) *Model {
	return resNet{name: "ResNet-18", blocks: [4]int{2, 2, 2, 2}}.build(s, x, cfg)
}

// ResNet34 is ResNet18 with 3, 4, 6 and 3 blocks in its stages.
func ResNet34(s *graph.Scope, x *gorgonia.Node, cfg Config) *Model {
	return resNet{name: "ResNet-34", blocks: [4]int{3, 4, 6, 3}}.build(s, x, cfg)
}

// ResNet50 is the residual network of 50 layers: ResNet18's frame with 3, 4, 6 and 3 bottleneck blocks in its stages, as
// torchvision's resnet50 has it.
//
//	endpoint                layer                                             224 x 224 x 3
//	conv1, maxpool          as ResNet18                                       56 x 56 x 64
//	layer1/0 to layer1/2    bottlenecks of 64                                 56 x 56 x 256
//	layer2/0 to layer2/3    bottlenecks of 128, the first with stride 2       28 x 28 x 512
//	layer3/0 to layer3/5    bottlenecks of 256, the first with stride 2       14 x 14 x 1024
//	layer4/0 to layer4/2    bottlenecks of 512, the first with stride 2       7 x 7 x 2048
//	avgpool                 global average pool                               2048
//	fc                      dense 1000: logits                                1000
//
// A bottleneck is a 1x1 convolution, one of 3x3, and one of 1x1 with four times the channels (layer1/0/conv1 to layer1/0/conv3).
// Its stride is that of the 3x3 convolution, "version 1.5", where the paper has it in the first one. All else is as in ResNet18.
//
// The port Keras is keras.applications.resnet.ResNet50, since keras_applications 1.0.7: the stride is that of the first 1x1 convolution, convolutions have a bias, and batch norm an
// epsilon of 1.001e-5. The port TFSlim is TF-slim's resnet_v1_50: the stride is that of the 3x3 convolution in the last block of the first three stages, whose
// shortcut takes every second pixel of every second row, and maxpool pads as TensorFlow's SAME.
func ResNet50(s *graph.Scope, x *gorgonia.Node, cfg Config) *Model {
	return resNet{name: "ResNet-50", blocks: [4]int{3, 4, 6, 3}, groups: 1, width: 64}.build(s, x, cfg)
}

// ResNet101 is ResNet50 with 3, 4, 23 and 3 blocks in its stages.
func ResNet101(s *graph.Scope, x *gorgonia.Node, cfg Config) *Model {
	return resNet{name: "ResNet-101", blocks: [4]int{3, 4, 23, 3}, groups: 1, width: 64}.build(s, x, cfg)
}

// ResNet152 is ResNet50 with 3, 8, 36 and 3 blocks in its stages.
func ResNet152(s *graph.Scope, x *gorgonia.Node, cfg Config) *Model {
	return resNet{name: "ResNet-152", blocks: [4]int{3, 8, 36, 3}, groups: 1, width: 64}.build(s, x, cfg)
}

// ResNeXt50 is ResNet50 with 3x3 convolutions of 32 groups, 4 channels each in the first stage: Xie et al., "Aggregated
// residual transformations for deep neural networks" (2017), torchvision's resnext50_32x4d.
func ResNeXt50(s *graph.Scope, x *gorgonia.Node, cfg Config) *Model {
	return resNet{name: "ResNeXt-50 32x4d", blocks: [4]int{3, 4, 6, 3}, groups: 32, width: 4}.build(s, x, cfg)
}

// ResNeXt101 is ResNet101 with 3x3 convolutions of 32 groups, 8 channels each in the first stage: torchvision's resnext101_32x8d.
func ResNeXt101(s *graph.Scope, x *gorgonia.Node, cfg Config) *Model {
	return resNet{name: "ResNeXt-101 32x8d", blocks: [4]int{3, 4, 23, 3}, groups: 32, width: 8}.build(s, x, cfg)
}

// WideResNet50 is ResNet50 with twice the channels inside of its blocks: Zagoruyko and Komodakis, "Wide residual networks" (2016),
// torchvision's wide_resnet50_2.
func WideResNet50(s *graph.Scope, x *gorgonia.Node, cfg Config) *Model {
	return resNet{name: "Wide ResNet-50-2", blocks: [4]int{3, 4, 6, 3}, groups: 1, width: 128}.build(s, x, cfg)
}

// WideResNet101 is ResNet101 with twice the channels inside of its blocks: torchvision's wide_resnet101_2.
func WideResNet101(s *graph.Scope, x *gorgonia.Node, cfg Config) *Model {
	return resNet{name: "Wide ResNet-101-2", blocks: [4]int{3, 4, 23, 3}, groups: 1, width: 128}.build(s, x, cfg)
}

// resNet is a network of the family.
type resNet struct {
	name          string
	blocks        [4]int // of each stage
	groups, width int    // of the 3x3 convolution of bottlenecks, width for 64 channels; 0 for basic blocks
}

func (v resNet) build(s *graph.Scope, x *gorgonia.Node, cfg Config) *Model {
	ports := []published{{Torchvision, Original, torchvisionResNet, 0}, {Timm, Original, torchvisionResNet, 0}}
	if v.groups == 1 && v.width == 64 {
		ports = append(ports, published{Keras, Keras, kerasResNet, 0.99}, published{TFSlim, TFSlim, slimResNet, 0.997})
	}
	n, h := newNet(s, v.name, x, cfg, 1000, false, ports...)
	n.norm = ops.BatchNormConfig{Momentum: 0.9, Epsilon: 1e-5}
	r := &residual{net: n, in: 64, kernel: heFanOut()}
	r.block, r.shortcut = r.basic, r.downsample
	stride, pool := func(stage int) int { return min(stage, 2) }, ops.MaxPool2DConfig{Size: square(3), Strides: square(2), Pads: padded(1)}
	switch n.port.alike {
	case Keras:
		n.norm.Epsilon = 1.001e-5
		r.bias, r.strideFirst = true, true
	case TFSlim:
		stride = func(stage int) int { return min(5-stage, 2) }
		pool.Pads, pool.Padding = [2][2]int{}, ops.Same
		r.strideLast = true
	}
	if v.groups > 0 {
		r.block = func(s *graph.Scope, x *gorgonia.Node, filters, stride int) (*gorgonia.Node, int) {
			return r.bottleneck(s, x, v, filters, stride)
		}
	}
	h = r.convNorm(s, "1", h, r.in, 7, ops.Conv2DConfig{Strides: square(2)}, ops.ReLU)
	l := s.Sub("maxpool")
	h = n.end(l, ops.MaxPool2D(l, h, pool))
	for i, blocks := range v.blocks {
		h = r.stage(i+1, h, blocks, 64<<i, stride(i+1))
	}
	if cfg.NoTop {
		return n.built(h)
	}
	l = s.Sub("avgpool")
	h = n.end(l, ops.GlobalAvgPool(l, h, ops.GlobalPoolConfig{}))
	l = s.Sub("fc")
	return n.built(n.end(l, n.dense(l, h, n.cfg.Classes, ops.DenseConfig{Kernel: uniformFanIn()})))
}

// bottleneck is a block whose 3x3 convolution has fewer channels than what goes in and comes out.
func (r *residual) bottleneck(s *graph.Scope, x *gorgonia.Node, v resNet, filters, stride int) (h *gorgonia.Node, out int) {
	inside := filters * v.width / 64 * v.groups
	first, second := 1, stride
	if r.strideFirst {
		first, second = stride, 1
	}
	h = r.convNorm(s, "1", x, inside, 1, ops.Conv2DConfig{Strides: square(first)}, ops.ReLU)
	h = r.convNorm(s, "2", h, inside, 3, ops.Conv2DConfig{Strides: square(second), Groups: v.groups}, ops.ReLU)
	return r.convNorm(s, "3", h, 4*filters, 1, ops.Conv2DConfig{}, nil), 4 * filters
}

// downsample is a 1x1 convolution in downsample/0 with batch norm in downsample/1. Where only the size changes, it takes pixels a stride apart.
func (r *residual) downsample(s *graph.Scope, x *gorgonia.Node, out, stride int) *gorgonia.Node {
	l := s.Sub("downsample")
	if out == r.in {
		return r.end(l, ops.StridedSlice(l, x, nil, nil, []int{1, stride, stride}))
	}
	h := r.conv(l.Sub("0"), x, out, square(1), ops.Conv2DConfig{Strides: square(stride), NoBias: !r.bias, Kernel: r.kernel})
	return r.end(l, r.batchNorm(l.Sub("1"), h))
}
