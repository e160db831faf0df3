package ops_test

import (
	"math"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
)

func argMinOf(axis int) unaryOp {
	return func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.ArgMin(s, x, axis) }
}

func TestArgMin(t *testing.T) {
	checkGolden(t, "statistics", "ArgMin", func(s *graph.Scope, c golden.Case, in map[string]*gorgonia.Node) *gorgonia.Node {
		return ops.ArgMin(s, in["x"], c.Axes[0])
	}, "x")
	nan, inf := math.NaN(), math.Inf(1)
	x := at([]int{4, 3}, 3, 1, 1, inf, inf, inf, 0, nan, nan, -inf, 5, -inf)
	got := eval(t, tensor.Float32, single(argMinOf(-1)), x)
	wantValues(t, got, []int{4}, 1, 0, 1, 0)
	if got.Dtype() != tensor.Int64 {
		t.Errorf("got %v; want int64", got.Dtype())
	}
	wantValues(t, eval(t, tensor.Float64, single(argMinOf(0)), x), []int{3}, 3, 2, 2)
	for _, dt := range []tensor.Dtype{tensor.Int, tensor.Int32, tensor.Int64, tensor.Uint8} {
		wantValues(t, eval(t, dt, single(argMinOf(1)), at([]int{2, 3}, 3, 2, 2, 0, 9, 0)), []int{2}, 1, 0)
	}
	wantValues(t, eval(t, tensor.Float32, single(argMinOf(1)), at([]int{0, 3})), []int{0})
	wantBuildError(t, func(s *graph.Scope) {
		ops.ArgMin(s, graph.Placeholder(s, "x", tensor.Float32, 2, 0), 1)
	}, "ArgMin", "float32[2, 0]", "no element")
	wantBuildError(t, func(s *graph.Scope) {
		ops.ArgMin(s, graph.Placeholder(s, "x", tensor.Float32, 2), 1)
	}, "ArgMin", "axis 1")
}
