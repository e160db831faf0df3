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
	ResNet18   = Architecture{"resnet18", 64, 3, fromZoo(zoo.ResNet18)}           // 1000 classes
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

// conv is a convolution of 3 x 3, batch normalisation and an activation.
func conv(s *graph.Scope, x, training *gorgonia.Node, filters int, act ops.Activation) *gorgonia.Node {
	y := ops.Conv2D(s, x, filters, [2]int{3, 3}, ops.Conv2DConfig{Padding: ops.Same, Kernel: initializers.He(), NoBias: true})
	return normalised(s, y, training, act)
}

func normalised(s *graph.Scope, x, training *gorgonia.Node, act ops.Activation) *gorgonia.Node {
	return act(s, ops.BatchNorm(s, x, training, ops.BatchNormConfig{Momentum: 0.9}))
}

// twoConv is the network of examples/cnn.
func twoConv(s *graph.Scope, x, training *gorgonia.Node) *gorgonia.Node {
	h := ops.MaxPool2D(s, conv(s.Sub("conv1"), x, training, 32, ops.ReLU), ops.MaxPool2DConfig{})
	h = ops.MaxPool2D(s, conv(s.Sub("conv2"), h, training, 64, ops.ReLU), ops.MaxPool2DConfig{})
	l := s.Sub("hidden")
	h = ops.Dense(l, ops.Flatten(s, h), 128, ops.DenseConfig{Kernel: initializers.He(), NoBias: true})
	return ops.Dense(s.Sub("outputs"), normalised(l, h, training, ops.ReLU), 10, ops.DenseConfig{})
}

// tinyYOLOv2 is that of Redmon and Farhadi, "YOLO9000" (2016), for the 20 classes of Pascal VOC.
func tinyYOLOv2(s *graph.Scope, x, training *gorgonia.Node) *gorgonia.Node {
	leaky := ops.LeakyReLUWith(0.1)
	for i, filters := range []int{16, 32, 64, 128, 256, 512, 1024, 1024} {
		x = conv(s.Sub(fmt.Sprintf("conv%d", i+1)), x, training, filters, leaky)
		switch {
		case i < 5:
			x = ops.MaxPool2D(s, x, ops.MaxPool2DConfig{})
		case i == 5: // keeps the 13 x 13 cells
			x = ops.MaxPool2D(s, x, ops.MaxPool2DConfig{Strides: [2]int{1, 1}, Padding: ops.Same})
		}
	}
	return ops.Conv2D(s.Sub("boxes"), x, 125, [2]int{1, 1}, ops.Conv2DConfig{Kernel: initializers.He()})
}
