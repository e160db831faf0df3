package ops_test

import (
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

func oneHotOf(depth int) unaryOp {
	return func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.OneHot(s, x, depth) }
}

func TestOneHot(t *testing.T) {
	for _, dt := range []tensor.Dtype{tensor.Int, tensor.Int32, tensor.Int64} {
		got := eval(t, dt, single(oneHotOf(3)), at([]int{4}, 2, 0, 1, 2))
		wantValues(t, got, []int{4, 3}, 0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 1)
		if got.Dtype() != tensor.Float32 {
			t.Errorf("got %v; want the graph's float32", got.Dtype())
		}
		wantValues(t, eval(t, dt, single(oneHotOf(2)), at(nil, 1)), []int{2}, 0, 1)
		wantValues(t, eval(t, dt, single(oneHotOf(2)), at([]int{1, 2}, 1, 0)), []int{1, 2, 2}, 0, 1, 1, 0)
		wantValues(t, eval(t, dt, single(oneHotOf(1)), at([]int{0})), []int{0, 1})
	}
	g := graph.New(graph.Config{Dtype: tensor.Float64})
	got := run(t, g, nil, ops.OneHot(g.Scope(), graph.Const(g.Scope(), []int{1}), 2)).Tensor(0)
	wantValues(t, got, []int{1, 2}, 0, 1)
	if got.Dtype() != tensor.Float64 {
		t.Errorf("got %v; want the graph's float64", got.Dtype())
	}
}

func TestOneHotErrors(t *testing.T) {
	wantBuildError(t, func(s *graph.Scope) { ops.OneHot(s, graph.Placeholder(s, "x", tensor.Float32, 2), 3) },
		"OneHot", "float32[2]", "int, int32 or int64")
	wantBuildError(t, func(s *graph.Scope) { ops.OneHot(s, graph.Placeholder(s, "x", tensor.Int, 2), 0) },
		"OneHot", "depth is 0")
	for _, label := range []float64{-1, 3} {
		g := graph.New(graph.Config{})
		feeds := graph.Feeds{}
		x := input(g.Scope(), feeds, "x", tensor.Int, at([]int{3}, 0, label, 1), true)
		wantRunError(t, g, feeds, ops.OneHot(g.Scope().NameScope("net"), x, 3), "net/OneHot", "position 1", "want 0 to 2")
	}
}

func TestOneHotOn(t *testing.T) {
	on := func(axis int) func(*graph.Scope, *gorgonia.Node) *gorgonia.Node {
		return func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.OneHotOn(s, x, 3, axis, 5, -1) }
	}
	x := at([]int{2}, 2, 0)
	for _, dt := range []tensor.Dtype{tensor.Int, tensor.Int32, tensor.Int64} {
		wantValues(t, eval(t, dt, single(on(-1)), x), []int{2, 3}, -1, -1, 5, 5, -1, -1)
		wantValues(t, eval(t, dt, single(on(0)), x), []int{3, 2}, -1, 5, -1, -1, 5, -1)
		wantValues(t, eval(t, dt, single(on(1)), at([]int{1, 2}, 2, 0)), []int{1, 3, 2}, -1, 5, -1, -1, 5, -1)
		wantValues(t, eval(t, dt, single(on(0)), at([]int{0})), []int{3, 0})
		wantValues(t, eval(t, dt, single(on(0)), at(nil, 1)), []int{3}, -1, 5, -1)
	}
	wantBuildError(t, func(s *graph.Scope) { ops.OneHotOn(s, graph.Placeholder(s, "x", tensor.Int, 2), 3, 2, 1, 0) }, "OneHot", "int[2]", "axis 2 is out of range")
}
