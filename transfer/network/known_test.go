package network_test

import (
	"testing"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/transfer/network"
)

func TestKnown(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	two := graph.Const(s, []float32{1, 1})
	all := func(*gorgonia.Node, graph.Description) error { return nil }
	x, err := network.Known(g, ops.Sum(s, ops.Add(s, two, two)), all)
	if err != nil || x.Data() != float32(4) {
		t.Errorf("got %v, %v; want 4", x, err)
	}
	fed, learned := graph.Placeholder(s, "x", tensor.Float32, 2), graph.Variable(s, "v", tensor.Shape{2}, graph.VariableConfig{})
	drawn := ops.RandomUniform(s, 0, 1, ops.RandomConfig{}, 2)
	for _, n := range []*gorgonia.Node{fed, learned, drawn} {
		if _, err := network.Known(g, ops.Add(s, two, n), all); !errors.Is(err, network.ErrComputed) {
			t.Errorf("%s: %v; want ErrComputed", g.NameOf(n), err)
		}
	}
	large := errors.New("too large")
	_, err = network.Known(g, ops.Neg(s, two), func(n *gorgonia.Node, d graph.Description) error {
		if d.Kind == graph.ConstNode {
			return large
		}
		return nil
	})
	if !errors.Is(err, large) {
		t.Errorf("got %v; want what allow said", err)
	}
}
