package ops_test

import (
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

func TestUnstack(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	x := graph.Placeholder(s, "x", tensor.Float32, -1, 3)
	parts := ops.Unstack(s, x, -1)
	out := run(t, g, graph.Feeds{x: at([]int{2, 3}, 1, 2, 3, 4, 5, 6).feed(tensor.Float32)}, append(parts, ops.Stack(s, 1, parts...))...)
	for k, want := range [][]float64{{1, 4}, {2, 5}, {3, 6}} {
		wantValues(t, out.Tensor(k), []int{2}, want...)
	}
	wantValues(t, out.Tensor(3), []int{2, 3}, 1, 2, 3, 4, 5, 6)
	for axis := range 2 {
		g := graph.New(graph.Config{Dtype: tensor.Float64})
		s := g.Scope()
		feeds := graph.Feeds{}
		x := input(s, feeds, "x", tensor.Float64, wave(1, 0.2, 2, 2), false)
		p := ops.Unstack(s, x, axis)
		twiceDifferentiable(t, g, feeds, ops.Mul(s, p[0], ops.Square(s, p[1])), gorgonia.Nodes{x})
	}
	wantBuildError(t, func(s *graph.Scope) { ops.Unstack(s, graph.Placeholder(s, "x", tensor.Float32, -1, 3), 0) }, "Unstack", "float32[?, 3]", "axis 0", "must be known")
	wantBuildError(t, func(s *graph.Scope) { ops.Unstack(s, graph.Placeholder(s, "x", tensor.Float32, 3), 1) }, "Unstack", "axis 1 is out of range")
}
