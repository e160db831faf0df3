package ops_test

import (
	"fmt"
	"log"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/ops"
)

// A block of a convolutional network: convolution, batch norm, activation and pooling. The convolution
// has no bias, since that of the batch norm follows. In inference, as here, the plan multiplies the norm's scales
// into the kernel.
func ExampleConv2D() {
	g := graph.New(graph.Config{Seed: 1})
	s := g.Scope()
	x := graph.Placeholder(s, "x", tensor.Float32, -1, 32, 32, 3)
	training := graph.Placeholder(s, "training", tensor.Bool)
	y := ops.Conv2D(s.Sub("conv"), x, 16, [2]int{3, 3}, ops.Conv2DConfig{Padding: ops.Same, NoBias: true, Kernel: initializers.He()})
	y = ops.BatchNorm(s.Sub("norm"), y, training, ops.BatchNormConfig{})
	y = ops.MaxPool2D(s, ops.ReLU(s, y), ops.MaxPool2DConfig{})
	fmt.Println(graph.SpecOf(y))
	for _, v := range g.Trainable() {
		fmt.Println(v.Name(), graph.SpecOf(v))
	}

	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		log.Fatal(err)
	}
	defer sess.Close()
	if err := sess.Init(); err != nil {
		log.Fatal(err)
	}
	images := tensor.New(tensor.WithShape(2, 32, 32, 3), tensor.Of(tensor.Float32))
	out, err := sess.Run(graph.Feeds{x: images, training: false}, y)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(out.Tensor(0).Shape())
	// Output:
	// float32[?, 16, 16, 16]
	// conv/kernel float32[3, 3, 3, 16]
	// norm/gamma float32[16]
	// norm/beta float32[16]
	// (2, 16, 16, 16)
}

// Images as PyTorch has them, with the channels first. The kernel is [height, width, in, out] all the same.
func ExampleDataFormat() {
	g := graph.New(graph.Config{})
	s := g.Scope()
	x := graph.Placeholder(s, "x", tensor.Float32, -1, 3, 224, 224)
	y := ops.Conv2D(s.Sub("conv"), x, 64, [2]int{7, 7}, ops.Conv2DConfig{
		Strides: [2]int{2, 2}, Pads: [2][2]int{{3, 3}, {3, 3}}, DataFormat: ops.ChannelsFirst})
	y = ops.MaxPool2D(s, y, ops.MaxPool2DConfig{DataFormat: ops.ChannelsFirst})
	if err := g.Err(); err != nil {
		log.Fatal(err)
	}
	fmt.Println(graph.SpecOf(y))
	fmt.Println(graph.SpecOf(g.Node("conv/kernel")))
	// Output:
	// float32[?, 64, 56, 56]
	// float32[7, 7, 3, 64]
}
