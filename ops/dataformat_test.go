package ops_test

import (
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/ops"
)

// Layers behind each other with channels first are transposed on the way in and on the
// way out, and not between; so are their gradients. The numbers are those with the
// channels last.
func TestChannelsFirstCopiesAtTheEndsOnly(t *testing.T) {
	g := graph.New(graph.Config{Dtype: tensor.Float64, Seed: 1})
	s := g.Scope()
	feeds := graph.Feeds{}
	x := input(s, feeds, "x", tensor.Float64, wave(1, 0.3, 2, 6, 5, 3), false)
	dy := input(s, feeds, "dy", tensor.Float64, wave(2, 0.7, 2, 3, 2, 4), false)
	net := func(s *graph.Scope, x *gorgonia.Node, f ops.DataFormat) *gorgonia.Node {
		weights := initializers.Constant(wave(3, 0.2, 3, 3, 3, 4).data)
		y := ops.Conv2D(s.Sub("conv"), x, 4, [2]int{3, 3}, ops.Conv2DConfig{Padding: ops.Same, Kernel: weights, DataFormat: f})
		y = ops.BatchNorm(s.Sub("bn"), y, graph.Const(s, true), ops.BatchNormConfig{DataFormat: f})
		return ops.MaxPool2D(s, y, ops.MaxPool2DConfig{DataFormat: f})
	}
	last := net(s.Sub("last"), x, ops.ChannelsLast)
	dlast := graph.Gradients(s, gorgonia.Nodes{last}, gorgonia.Nodes{x}, gorgonia.Nodes{dy})[0]
	x1, dy1 := ops.Transpose(s, x, 0, 3, 1, 2), ops.Transpose(s, dy, 0, 3, 1, 2)
	first := net(s.Sub("first"), x1, ops.ChannelsFirst)
	dfirst := graph.Gradients(s, gorgonia.Nodes{first}, gorgonia.Nodes{x1}, gorgonia.Nodes{dy1})[0]
	out := run(t, g, feeds, last, dlast, ops.Transpose(s, first, 0, 2, 3, 1), ops.Transpose(s, dfirst, 0, 2, 3, 1))
	for i := range 2 {
		wantValues(t, out.Tensor(2+i), out.Tensor(i).Shape(), floats(out.Tensor(i))...)
	}

	var tracer graph.Tracer
	sess, err := graph.NewSession(g, graph.SessionConfig{Tracer: &tracer})
	if err != nil {
		t.Fatal(err)
	}
	defer sess.Close()
	if err := sess.Init(); err != nil {
		t.Fatal(err)
	}
	ends := graph.Feeds{x1: wave(1, 0.3, 2, 3, 6, 5).feed(tensor.Float64), dy1: wave(2, 0.7, 2, 4, 3, 2).feed(tensor.Float64)}
	for _, c := range []struct {
		fetches gorgonia.Nodes
		want    int
	}{{gorgonia.Nodes{first}, 2}, {gorgonia.Nodes{dfirst}, 3}, {gorgonia.Nodes{first, dfirst}, 4}} {
		tracer.Reset()
		if _, err := sess.Run(ends, c.fetches...); err != nil {
			t.Fatal(err)
		}
		copies := 0
		for _, row := range tracer.ByOp() {
			if row.Op == "Transpose" {
				copies += row.Calls
			}
		}
		if copies != c.want {
			t.Errorf("%d fetch(es): %d transpositions, want %d", len(c.fetches), copies, c.want)
		}
	}
}
