package bench

import (
	"fmt"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/ops"
)

// The convolutional networks that are measured, and how many images, colours and classes they are for.
var (
	TwoConv    = Architecture{"two-conv", 28, 1, twoConv}            // Fashion-MNIST's 10 classes
	ResNet18   = Architecture{"resnet18", 64, 3, resNet18}           // 1000 classes
	TinyYOLOv2 = Architecture{"tiny-yolo-v2", 416, 3, tinyYOLOv2}    // 5 boxes of 20 classes in each of 13 x 13 cells
	SqueezeNet = Architecture{"squeezenet1.1", 224, 3, squeezeNet11} // 1000 classes
	MobileNet  = Architecture{"mobilenet-v1", 224, 3, mobileNetV1}   // 1000 classes
)

// conv is a convolution without bias, batch normalisation and an activation, which may be nil. pad is rows or columns of zeros on each side.
func conv(s *graph.Scope, x, training *gorgonia.Node, filters, size, stride, pad int, act ops.Activation) *gorgonia.Node {
	y := ops.Conv2D(s, x, filters, [2]int{size, size}, ops.Conv2DConfig{
		Strides: [2]int{stride, stride}, Pads: around(pad), Kernel: initializers.He(), NoBias: true,
	})
	return normalised(s, y, training, act)
}

func normalised(s *graph.Scope, x, training *gorgonia.Node, act ops.Activation) *gorgonia.Node {
	y := ops.BatchNorm(s, x, training, ops.BatchNormConfig{Momentum: 0.9})
	if act != nil {
		y = act(s, y)
	}
	return y
}

// around is so much padding on all sides.
func around(pad int) [2][2]int { return [2][2]int{{pad, pad}, {pad, pad}} }

// outputs is the dense layer of logits.
func outputs(s *graph.Scope, x *gorgonia.Node, classes int) *gorgonia.Node {
	return ops.Dense(s.Sub("outputs"), x, classes, ops.DenseConfig{})
}

// twoConv is the network of examples/cnn.
func twoConv(s *graph.Scope, x, training *gorgonia.Node) *gorgonia.Node {
	h := ops.MaxPool2D(s, conv(s.Sub("conv1"), x, training, 32, 3, 1, 1, ops.ReLU), ops.MaxPool2DConfig{})
	h = ops.MaxPool2D(s, conv(s.Sub("conv2"), h, training, 64, 3, 1, 1, ops.ReLU), ops.MaxPool2DConfig{})
	l := s.Sub("hidden")
	h = ops.Dense(l, ops.Flatten(s, h), 128, ops.DenseConfig{Kernel: initializers.He(), NoBias: true})
	return outputs(s, normalised(l, h, training, ops.ReLU), 10)
}

// tinyYOLOv2 is that of Redmon and Farhadi, "YOLO9000" (2016), for the 20 classes of Pascal VOC.
func tinyYOLOv2(s *graph.Scope, x, training *gorgonia.Node) *gorgonia.Node {
	leaky := ops.LeakyReLUWith(0.1)
	for i, filters := range []int{16, 32, 64, 128, 256, 512, 1024, 1024} {
		x = conv(s.Sub(fmt.Sprintf("conv%d", i+1)), x, training, filters, 3, 1, 1, leaky)
		switch {
		case i < 5:
			x = ops.MaxPool2D(s, x, ops.MaxPool2DConfig{})
		case i == 5: // keeps the 13 x 13 cells
			x = ops.MaxPool2D(s, x, ops.MaxPool2DConfig{Strides: [2]int{1, 1}, Padding: ops.Same})
		}
	}
	return ops.Conv2D(s.Sub("boxes"), x, 125, [2]int{1, 1}, ops.Conv2DConfig{Kernel: initializers.He()})
}

// squeezeNet11 is version 1.1 of Iandola et al. (2016).
func squeezeNet11(s *graph.Scope, x, _ *gorgonia.Node) *gorgonia.Node {
	layer := func(name string, x *gorgonia.Node, filters, size int, cfg ops.Conv2DConfig) *gorgonia.Node {
		cfg.Kernel, cfg.Activation = initializers.He(), ops.ReLU
		return ops.Conv2D(s.Sub(name), x, filters, [2]int{size, size}, cfg)
	}
	pool := func(x *gorgonia.Node) *gorgonia.Node {
		return ops.MaxPool2D(s, x, ops.MaxPool2DConfig{Size: [2]int{3, 3}, Strides: [2]int{2, 2}, CeilMode: true})
	}
	x = pool(layer("conv1", x, 64, 3, ops.Conv2DConfig{Strides: [2]int{2, 2}}))
	for i, squeeze := range []int{16, 16, 32, 32, 48, 48, 64, 64} {
		fire := fmt.Sprintf("fire%d/", i+2)
		x = layer(fire+"squeeze1x1", x, squeeze, 1, ops.Conv2DConfig{})
		x = ops.Concat(s, -1,
			layer(fire+"expand1x1", x, 4*squeeze, 1, ops.Conv2DConfig{}),
			layer(fire+"expand3x3", x, 4*squeeze, 3, ops.Conv2DConfig{Padding: ops.Same}))
		if i == 1 || i == 3 {
			x = pool(x)
		}
	}
	return ops.GlobalAvgPool(s, layer("conv10", x, 1000, 1, ops.Conv2DConfig{}), ops.GlobalPoolConfig{})
}

// mobileNetV1 is Howard et al. (2017) at width 1.
func mobileNetV1(s *graph.Scope, x, training *gorgonia.Node) *gorgonia.Node {
	x = conv(s.Sub("conv0"), x, training, 32, 3, 2, 1, ops.ReLU6)
	for i, l := range []struct{ filters, stride int }{
		{64, 1}, {128, 2}, {128, 1}, {256, 2}, {256, 1}, {512, 2}, {512, 1}, {512, 1}, {512, 1}, {512, 1}, {512, 1}, {1024, 2}, {1024, 1},
	} {
		depthwise := s.Sub(fmt.Sprintf("depthwise%d", i+1))
		x = ops.DepthwiseConv2D(depthwise, x, [2]int{3, 3}, ops.DepthwiseConv2DConfig{
			Strides: [2]int{l.stride, l.stride}, Pads: around(1), Kernel: initializers.He(), NoBias: true,
		})
		x = normalised(depthwise, x, training, ops.ReLU6)
		x = conv(s.Sub(fmt.Sprintf("pointwise%d", i+1)), x, training, l.filters, 1, 1, 0, ops.ReLU6)
	}
	return outputs(s, ops.GlobalAvgPool(s, x, ops.GlobalPoolConfig{}), 1000)
}

// resNet18 is He et al. (2015).
func resNet18(s *graph.Scope, x, training *gorgonia.Node) *gorgonia.Node {
	x = conv(s.Sub("conv1"), x, training, 64, 7, 2, 3, ops.ReLU)
	x = ops.MaxPool2D(s, x, ops.MaxPool2DConfig{Size: [2]int{3, 3}, Strides: [2]int{2, 2}, Pads: around(1)})
	for stage, filters := range []int{64, 128, 256, 512} {
		for block := range 2 {
			b := s.Sub(fmt.Sprintf("block%d_%d", stage+1, block+1))
			stride, shortcut := 1, x
			if stage > 0 && block == 0 {
				stride = 2
				shortcut = conv(b.Sub("shortcut"), x, training, filters, 1, stride, 0, nil)
			}
			x = conv(b.Sub("conv1"), x, training, filters, 3, stride, 1, ops.ReLU)
			x = conv(b.Sub("conv2"), x, training, filters, 3, 1, 1, nil)
			x = ops.ReLU(b, ops.Add(b, x, shortcut))
		}
	}
	return outputs(s, ops.GlobalAvgPool(s, x, ops.GlobalPoolConfig{}), 1000)
}
