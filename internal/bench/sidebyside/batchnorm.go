package main

import (
	"fmt"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

// batchNorm is batch normalisation in training: forward, the moving statistics,
// and the gradients of x, gamma and beta.
func (s *suite) batchNorm() []*work {
	var works []*work
	for _, batch := range []int{200, 1000} {
		const features = 300
		works = append(works, &work{
			name:   fmt.Sprintf("batch norm forward and backward [%d, %d]", batch, features),
			ours:   func() (func() error, func() error, error) { return normalisation(batch, features) },
			rivals: s.torch.rivals(fmt.Sprintf("batchnorm %d %d", batch, features), false, 1.8),
		})
	}
	return works
}

func normalisation(batch, features int) (call, end func() error, err error) {
	g := graph.New(graph.Config{Seed: 42})
	s := g.Scope()
	x := graph.Placeholder(s, "x", tensor.Float32, -1, features)
	grad := graph.Placeholder(s, "grad", tensor.Float32, -1, features)
	y := ops.BatchNorm(s.Sub("bn"), x, graph.Const(s, true), ops.BatchNormConfig{Momentum: 0.9})
	grads := graph.Gradients(s, gorgonia.Nodes{y}, append(gorgonia.Nodes{x}, g.Trainable()...), gorgonia.Nodes{grad})
	// A group computes them and does not copy them out.
	all := graph.Group(s, append(append(grads, y), g.UpdatesOf(y)...)...)
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		return nil, nil, err
	}
	if err := sess.Init(); err != nil {
		return nil, nil, err
	}
	feed := func(data []float32) *tensor.Dense {
		return tensor.New(tensor.WithShape(batch, features), tensor.WithBacking(data))
	}
	feeds := graph.Feeds{x: feed(uniform(batch * features)), grad: feed(normal(batch * features))}
	return func() error {
		_, err := sess.Run(feeds, all)
		return err
	}, sess.Close, nil
}
