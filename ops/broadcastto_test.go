package ops_test

import (
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

func TestBroadcastTo(t *testing.T) {
	to := func(sizes ...int) unaryOp {
		return func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.BroadcastTo(s, x, sizes...) }
	}
	x := at([]int{2, 1}, 1, 0)
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Int, tensor.Bool} {
		wantValues(t, eval(t, dt, single(to(2, 3)), x), []int{2, 3}, 1, 1, 1, 0, 0, 0)
		wantValues(t, eval(t, dt, single(to(2, -1, 2)), x), []int{2, 2, 2}, 1, 1, 0, 0, 1, 1, 0, 0)
		wantValues(t, eval(t, dt, single(to(-1, -1)), x), []int{2, 1}, 1, 0)
		wantValues(t, eval(t, dt, single(to(2, 0)), x), []int{2, 0})
		wantValues(t, eval(t, dt, single(to(3)), at(nil, 1)), []int{3}, 1, 1, 1)
	}
	for _, sizes := range [][]int{{2, 3}, {2, -1, 3}, {-1, 1}, {3, 2, 1}} {
		checkGradients(t, squared(to(sizes...)), wave(1, 0.2, 2, 1))
	}
	for _, sizes := range [][]int{{3, 1}, {2}, {-1, 2, 1}, {2, -2}} {
		wantBuildError(t, func(s *graph.Scope) { ops.BroadcastTo(s, graph.Placeholder(s, "x", tensor.Float32, 2, 1), sizes...) }, "BroadcastTo", "float32[2, 1]")
	}
}
