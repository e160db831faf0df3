package main

import (
	"fmt"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/training"
)

// adam is a step of Adam with given gradients over 4.2 million parameters, in
// four layers' weights and biases.
func (s *suite) adam() []*work {
	const tensors, rows, columns = 4, 1025, 1024
	return []*work{{
		name:   fmt.Sprintf("Adam step, %.1f M parameters", tensors*rows*columns/1e6),
		ours:   func() (func() error, func() error, error) { return adamStep(tensors, rows, columns) },
		rivals: s.torch.rivals(fmt.Sprintf("adam %d %d %d", tensors, rows, columns), false, 2),
	}}
}

func adamStep(tensors, rows, columns int) (call, end func() error, err error) {
	g := graph.New(graph.Config{Seed: 42})
	s := g.Scope()
	feeds := graph.Feeds{}
	var grads []training.GradVar
	for i := range tensors {
		v := graph.Variable(s, fmt.Sprintf("w%d", i), tensor.Shape{rows, columns}, graph.VariableConfig{Initializer: initializers.He()})
		grad := graph.Placeholder(s, fmt.Sprintf("grad%d", i), tensor.Float32, rows, columns)
		grads = append(grads, training.GradVar{Grad: grad, Var: v})
		feeds[grad] = tensor.New(tensor.WithShape(rows, columns), tensor.WithBacking(normal(rows*columns)))
	}
	step := training.Adam(training.AdamConfig{}).ApplyGradients(s, grads)
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		return nil, nil, err
	}
	if err := sess.Init(); err != nil {
		return nil, nil, err
	}
	return func() error {
		_, err := sess.Run(feeds, step)
		return err
	}, sess.Close, nil
}
