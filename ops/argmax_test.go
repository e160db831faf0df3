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

func argMaxOf(axis int) unaryOp {
	return func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.ArgMax(s, x, axis) }
}

func TestArgMaxGolden(t *testing.T) {
	checkGolden(t, "reductions", "ArgMax", func(s *graph.Scope, c golden.Case, in map[string]*gorgonia.Node) *gorgonia.Node {
		return ops.ArgMax(s, in["x"], c.Axes[0])
	}, "x")
}

func TestArgMax(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	x := at([]int{4, 3}, 1, 3, 3, -inf, -inf, -inf, 0, nan, nan, inf, 5, inf)
	got := eval(t, tensor.Float32, single(argMaxOf(-1)), x)
	wantValues(t, got, []int{4}, 1, 0, 1, 0)
	if got.Dtype() != tensor.Int64 {
		t.Errorf("got %v; want int64", got.Dtype())
	}
	wantValues(t, eval(t, tensor.Float64, single(argMaxOf(0)), x), []int{3}, 3, 2, 2)
	for _, dt := range []tensor.Dtype{tensor.Int, tensor.Int32, tensor.Int64, tensor.Uint8} {
		wantValues(t, eval(t, dt, single(argMaxOf(1)), at([]int{2, 3}, 1, 2, 2, 9, 0, 9)), []int{2}, 1, 0)
	}
	wantValues(t, eval(t, tensor.Float32, single(argMaxOf(0)), at([]int{1}, nan)), nil, 0)
	wantValues(t, eval(t, tensor.Float32, single(argMaxOf(1)), at([]int{0, 3})), []int{0})
}

func TestArgMaxErrors(t *testing.T) {
	for _, c := range []struct {
		dtype tensor.Dtype
		shape []int
		axis  int
		words []string
	}{
		{tensor.Float32, []int{2, 3}, 2, []string{"float32[2, 3]", "axis 2", "rank 2"}},
		{tensor.Float32, []int{}, 0, []string{"axis 0", "rank 0"}},
		{tensor.Float32, []int{2, 0}, 1, []string{"float32[2, 0]", "no element"}},
		{tensor.Bool, []int{2}, 0, []string{"bool[2]"}},
	} {
		wantBuildError(t, func(s *graph.Scope) {
			n := ops.ArgMax(s, graph.Placeholder(s, "x", c.dtype, c.shape...), c.axis)
			if graph.SpecOf(n).Dtype != tensor.Int64 {
				t.Errorf("the bad node is %v; want int64", graph.SpecOf(n))
			}
		}, "ArgMax", c.words...)
	}
}
