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
	TinyYOLOv2 = Architecture{"tiny-yolo-v2", 416, 3, fromZoo(zoo.TinyYOLOv2)}    // 5 boxes of 20 classes in each of 13 x 13 cells
	SqueezeNet = Architecture{"squeezenet1.1", 224, 3, fromZoo(zoo.SqueezeNet11)} // 1000 classes
	MobileNet  = Architecture{"mobilenet-v1", 224, 3, fromZoo(zoo.MobileNetV1)}   // 1000 classes
)

// fromZoo is the network as the zoo builds it.
func fromZoo(build func(*graph.Scope, *gorgonia.Node, zoo.Config) *zoo.Model) func(s *graph.Scope, x, training *gorgonia.Node) *gorgonia.Node {
	return func(s *graph.Scope, x, training *gorgonia.Node) *gorgonia.Node {
		return build(s, x, zoo.Config{Training: training}).Output
	}
}

// twoConv is the network of examples/cnn.
func twoConv(s *graph.Scope, x, training *gorgonia.Node) *gorgonia.Node {
	normalised := func(l *graph.Scope, h *gorgonia.Node) *gorgonia.Node {
		return ops.ReLU(l, ops.BatchNorm(l, h, training, ops.BatchNormConfig{Momentum: 0.9}))
	}
	for i, filters := range []int{32, 64} {
		l := s.Sub(fmt.Sprintf("conv%d", i+1))
		x = ops.Conv2D(l, x, filters, [2]int{3, 3}, ops.Conv2DConfig{Padding: ops.Same, Kernel: initializers.He(), NoBias: true})
		x = ops.MaxPool2D(l, normalised(l, x), ops.MaxPool2DConfig{})
	}
	l := s.Sub("hidden")
	h := ops.Dense(l, ops.Flatten(l, x), 128, ops.DenseConfig{Kernel: initializers.He(), NoBias: true})
	return ops.Dense(s.Sub("outputs"), normalised(l, h), 10, ops.DenseConfig{})
}
