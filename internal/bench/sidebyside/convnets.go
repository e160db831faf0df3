package main

import (
	"fmt"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/bench"
	"github.com/plexaura/plexaura/training"
)

// convTraining is the training step of convolutional networks.
func (s *suite) convTraining() []*work {
	var all []*work
	for _, c := range []struct {
		title     string
		net       bench.Architecture
		batch     int
		optimizer func() training.Optimizer
		momentum  float64
		atLeast   float64
	}{
		{"two-conv net", bench.TwoConv, 64, bench.Descent, 0, 1.2},
		{"two-conv net, momentum", bench.TwoConv, 64, bench.Momentum, 0.9, 1.2},
		{"ResNet-18 64x64", bench.ResNet18, 8, bench.Descent, 0, 1},
	} {
		all = append(all, &work{
			name:   fmt.Sprintf("training step, %s, batch %d", c.title, c.batch),
			ours:   func() (func() error, func() error, error) { return convNet(c.net, c.optimizer(), c.batch) },
			rivals: s.torch.rivals(fmt.Sprintf("conv_step %s %v %d", c.net.Name, c.momentum, c.batch), false, c.atLeast),
		})
	}
	return all
}

// convInference is the answer of convolutional networks, which is fetched.
func (s *suite) convInference() []*work {
	var all []*work
	for _, c := range []struct {
		title              string
		net                bench.Architecture
		batch              int
		torch, onnxruntime float64 // the targets
	}{
		{"Tiny-YOLOv2 416x416", bench.TinyYOLOv2, 1, 1.1, 0.9},
		{"SqueezeNet 1.1 224x224", bench.SqueezeNet, 1, 1, 0},
		{"SqueezeNet 1.1 224x224", bench.SqueezeNet, 32, 1, 0},
		{"SqueezeNet 1.1 224x224", bench.SqueezeNet, 64, 1, 0}, // the features of a data set, for transfer learning
		{"MobileNet v1 224x224", bench.MobileNet, 1, 1, 0},
		{"MobileNet v1 224x224", bench.MobileNet, 32, 1, 0},
		{"MobileNet v1 224x224", bench.MobileNet, 64, 1, 0},
	} {
		request := fmt.Sprintf("%s %d", c.net.Name, c.batch)
		of := s.torch.rivals
		if c.batch > 1 {
			of = s.torch.asShipped // to find the fastest of its ways takes a minute a process
		}
		rivals := of("conv_infer "+request, false, c.torch)
		all = append(all, &work{
			name:   fmt.Sprintf("inference, %s, batch %d", c.title, c.batch),
			ours:   func() (func() error, func() error, error) { return convNet(c.net, nil, c.batch) },
			rivals: append(rivals, s.ort.rivals(c.net.Name, c.onnxruntime, c.batch, c.net.Depth, c.net.Height, c.net.Height)...),
		})
	}
	return all
}

// convNet is a step of a network, or its inference without an optimizer.
func convNet(a bench.Architecture, opt training.Optimizer, batch int) (call, end func() error, err error) {
	n, err := bench.NewConvNet(a, opt)
	if err != nil {
		return nil, nil, err
	}
	sess, err := n.Session(graph.SessionConfig{})
	if err != nil {
		return nil, nil, err
	}
	feeds, fetch := n.Feeds(batch), n.Output
	if opt != nil {
		fetch = n.Step
	}
	return func() error {
		_, err := sess.Run(feeds, fetch)
		return err
	}, sess.Close, nil
}
