package ops_test

import (
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
)

func tileBy(reps ...int) unaryOp {
	return func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.Tile(s, x, reps...) }
}

func squared(op unaryOp) func(*graph.Scope, gorgonia.Nodes) *gorgonia.Node {
	return single(func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.Square(s, op(s, x)) })
}

func TestTile(t *testing.T) {
	goldenSplit(t, "Tile", func(s *graph.Scope, c golden.Case, xs gorgonia.Nodes) *gorgonia.Node {
		return ops.Tile(s, xs[0], c.Axes...)
	})
	x := at([]int{2, 2}, 1, 0, 0, 1)
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64, tensor.Int, tensor.Uint8, tensor.Bool} {
		wantValues(t, eval(t, dt, single(tileBy(1, 2)), x), []int{2, 4}, 1, 0, 1, 0, 0, 1, 0, 1)
		wantValues(t, eval(t, dt, single(tileBy(2)), x), []int{4, 2}, 1, 0, 0, 1, 1, 0, 0, 1)
		wantValues(t, eval(t, dt, single(tileBy()), x), []int{2, 2}, x.data...)
		wantValues(t, eval(t, dt, single(tileBy(1, 0)), x), []int{2, 0})
		wantValues(t, eval(t, dt, single(tileBy(3)), at([]int{0, 2})), []int{0, 2})
	}
	wantValues(t, eval(t, tensor.Float32, single(tileBy()), at(nil, 3)), nil, 3)
	for _, reps := range [][]int{{2, 3}, {1, 1}, {3}, {0, 2}, {1, 2}} {
		checkGradients(t, squared(tileBy(reps...)), wave(1, 0.2, 2, 2))
	}
	wantBuildError(t, func(s *graph.Scope) { ops.Tile(s, graph.Placeholder(s, "x", tensor.Float32, 2), 2, 2) }, "Tile", "float32[2]", "2 numbers")
	wantBuildError(t, func(s *graph.Scope) { ops.Tile(s, graph.Placeholder(s, "x", tensor.Float32, 2), -1) }, "Tile", "[-1]", "0 or more")
}
