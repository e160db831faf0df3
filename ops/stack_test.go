package ops_test

import (
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

func TestStack(t *testing.T) {
	stack := func(axis int) func(*graph.Scope, gorgonia.Nodes) *gorgonia.Node {
		return func(s *graph.Scope, xs gorgonia.Nodes) *gorgonia.Node { return ops.Stack(s, axis, xs...) }
	}
	a, b := at([]int{2, 2}, 1, 2, 3, 4), at([]int{2, 2}, 5, 6, 7, 8)
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64, tensor.Int32, tensor.Uint8} {
		wantValues(t, eval(t, dt, stack(0), a, b), []int{2, 2, 2}, 1, 2, 3, 4, 5, 6, 7, 8)
		wantValues(t, eval(t, dt, stack(1), a, b), []int{2, 2, 2}, 1, 2, 5, 6, 3, 4, 7, 8)
		wantValues(t, eval(t, dt, stack(-1), a, b), []int{2, 2, 2}, 1, 5, 2, 6, 3, 7, 4, 8)
		wantValues(t, eval(t, dt, stack(0), a), []int{1, 2, 2}, 1, 2, 3, 4)
		wantValues(t, eval(t, dt, stack(0), at(nil, 3), at(nil, 4), at(nil, 5)), []int{3}, 3, 4, 5)
		wantValues(t, eval(t, dt, stack(1), at([]int{0}), at([]int{0})), []int{0, 2})
	}
	for _, axis := range []int{0, 1, -1} {
		checkGradients(t, func(s *graph.Scope, xs gorgonia.Nodes) *gorgonia.Node {
			return ops.Square(s, ops.Stack(s, axis, xs[0], xs[1], xs[0]))
		}, wave(1, 0.1, 2, 3), wave(0.7, 0.3, 2, 3))
	}
	for _, c := range []struct {
		axis  int
		b     []int
		dtype tensor.Dtype
		words []string
	}{
		{0, []int{2, 3}, tensor.Float32, []string{"float32[2, 2]", "float32[2, 3]", "one shape"}},
		{0, []int{2, 2}, tensor.Int, []string{"int[2, 2]", "one dtype"}},
		{3, []int{2, 2}, tensor.Float32, []string{"axis 3", "one axis more"}},
	} {
		wantBuildError(t, func(s *graph.Scope) {
			ops.Stack(s, c.axis, graph.Placeholder(s, "a", tensor.Float32, 2, 2), graph.Placeholder(s, "b", c.dtype, c.b...))
		}, "Stack", c.words...)
	}
	wantBuildError(t, func(s *graph.Scope) { ops.Stack(s, 0) }, "Stack", "nothing to stack")
	g := graph.New(graph.Config{})
	feeds := graph.Feeds{}
	x := input(g.Scope(), feeds, "x", tensor.Float32, at([]int{2}, 1, 2), true)
	y := input(g.Scope(), feeds, "y", tensor.Float32, at([]int{3}, 1, 2, 3), true)
	wantRunError(t, g, feeds, ops.Stack(g.Scope().NameScope("net"), 0, x, y), "net/Stack", "one shape")
}
