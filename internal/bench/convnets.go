package bench

import (
	"fmt"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/zoo"
)

// The convolutional networks that are measured, and how many images, colours and classes they are for.
var (
	TwoConv    = Architecture{"two-conv", 28, 1, twoConv}                         // Fashion-MNIST's 10 classes
	ResNet18   = Architecture{"resnet18", 64, 3, resNet18}                        // 1000 classes
	TinyYOLOv2 = Architecture{"tiny-yolo-v2", 416, 3, tinyYOLOv2}                 // 5 boxes of 20 classes in each of 13 x 13 cells
	SqueezeNet = Architecture{"squeezenet1.1", 224, 3, fromZoo(zoo.SqueezeNet11)} // 1000 classes
	MobileNet  = Architecture{"mobilenet-v1", 224, 3, fromZoo(zoo.MobileNetV1)}   // 1000 classes
)

// fromZoo is the network as the zoo builds it.
func fromZoo(build func(*graph.Scope, *gorgonia.Node, zoo.Config) *zoo.Model) func(s *graph.Scope, x, training *gorgonia.Node) *gorgonia.Node {
	return func(s *graph.Scope, x, training *gorgonia.Node) *gorgonia.Node {
		return build(s, x, zoo.Config{Training: training}).Output
	}
}

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
