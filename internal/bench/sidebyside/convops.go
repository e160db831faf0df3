package main

import (
	"fmt"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

// convOps are single layers of convolutional networks, by themselves.
func (s *suite) convOps() []*work {
	var all []*work
	add := func(name, request string, shape []int, gradients bool, layer func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node, atLeast float64) {
		all = append(all, &work{
			name:   fmt.Sprintf("%s %v", name, shape),
			ours:   func() (func() error, func() error, error) { return layerOn(shape, gradients, layer) },
			rivals: s.torch.rivals(request, false, atLeast),
		})
	}
	for _, c := range []struct{ batch, height, in, filters, size int }{
		{8, 56, 64, 64, 3}, {64, 28, 1, 32, 3}, {64, 14, 32, 64, 3}, {1, 13, 512, 1024, 3}, {8, 56, 64, 256, 1},
	} {
		name := fmt.Sprintf("convolution %dx%d to %d channels", c.size, c.size, c.filters)
		shape, sizes := []int{c.batch, c.height, c.height, c.in}, fmt.Sprint(c.batch, c.height, c.in, c.filters, c.size)
		convolution := func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
			return ops.Conv2D(s, x, c.filters, [2]int{c.size, c.size}, ops.Conv2DConfig{Padding: ops.Same, NoBias: true})
		}
		add(name, "conv "+sizes, shape, false, convolution, 0)
		add(name+" and gradients", "conv_gradients "+sizes, shape, true, convolution, 0)
	}
	shape := []int{64, 28, 28, 32}
	add("batch norm forward and backward", "conv_batchnorm 64 28 32", shape, true, func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
		return ops.BatchNorm(s, x, graph.Const(s, true), ops.BatchNormConfig{Momentum: 0.9})
	}, 1.8)
	add("max pool 2x2 forward and backward", "max_pool 64 28 32", shape, true, func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
		return ops.MaxPool2D(s, x, ops.MaxPool2DConfig{})
	}, 0)
	return all
}

// layerOn runs a layer on given images, with its updates and the gradients of images and variables if they are wanted.
func layerOn(shape []int, gradients bool, layer func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node) (call, end func() error, err error) {
	g := graph.New(graph.Config{Seed: 42})
	s := g.Scope()
	feeds := graph.Feeds{}
	images := func(name string, shape []int) *gorgonia.Node {
		x := graph.Placeholder(s, name, tensor.Float32, shape...)
		feeds[x] = tensor.New(tensor.WithShape(shape...), tensor.WithBacking(normal(tensor.Shape(shape).TotalSize())))
		return x
	}
	x := images("x", shape)
	y := layer(s.Sub("layer"), x)
	wanted := append(gorgonia.Nodes{y}, g.UpdatesOf(y)...)
	if gradients {
		xs := append(gorgonia.Nodes{x}, g.Trainable()...)
		wanted = append(wanted, graph.Gradients(s, gorgonia.Nodes{y}, xs, gorgonia.Nodes{images("grad", y.Shape())})...)
	}
	all := graph.Group(s, wanted...) // computes them and does not copy them out
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		return nil, nil, err
	}
	if err := sess.Init(); err != nil {
		return nil, nil, err
	}
	return func() error {
		_, err := sess.Run(feeds, all)
		return err
	}, sess.Close, nil
}
