package ops_test

import (
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

func TestSqueeze(t *testing.T) {
	squeeze := func(axes ...int) func(*graph.Scope, *gorgonia.Node) *gorgonia.Node {
		return func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.Squeeze(s, x, axes...) }
	}
	x := at([]int{1, 2, 1}, 3, 4)
	for _, dt := range []tensor.Dtype{tensor.Float64, tensor.Int, tensor.Bool} {
		x := x
		if dt == tensor.Bool {
			x = at([]int{1, 2, 1}, 1, 0)
		}
		wantValues(t, eval(t, dt, single(squeeze(0)), x), []int{2, 1}, x.data...)
		wantValues(t, eval(t, dt, single(squeeze(-1, 0)), x), []int{2}, x.data...)
	}
	checkGradients(t, single(func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.Square(s, ops.Squeeze(s, x, 2)) }), wave(1, 0.2, 1, 2, 1))
	g := graph.New(graph.Config{})
	feeds := graph.Feeds{}
	s := g.Scope()
	known := input(s, feeds, "x", tensor.Float32, x, false)
	out := run(t, g, feeds, ops.Squeeze(s, known), ops.Squeeze(s, ops.Squeeze(s, known)))
	wantValues(t, out.Tensor(0), []int{2}, 3, 4)
	wantValues(t, out.Tensor(1), []int{2}, 3, 4)
	wantBuildError(t, func(s *graph.Scope) { ops.Squeeze(s, graph.Placeholder(s, "x", tensor.Float32, -1, 1)) }, "Squeeze", "float32[?, 1]", "name the axes")
	wantBuildError(t, func(s *graph.Scope) { ops.Squeeze(s, graph.Placeholder(s, "x", tensor.Float32, 1, 3), 1) }, "Squeeze", "axis 1 has size 3")
	wantBuildError(t, func(s *graph.Scope) { ops.Squeeze(s, graph.Placeholder(s, "x", tensor.Float32, 1, 3), 2) }, "Squeeze", "axis 2 is out of range")
	y := input(s, feeds, "y", tensor.Float32, at([]int{2}, 1, 2), true)
	wantRunError(t, g, feeds, ops.Squeeze(s.NameScope("net"), y, 0), "net/Squeeze", "axis 0 has size 2")
}
