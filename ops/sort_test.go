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

func sortOf(axis int, descending bool) unaryOp {
	return func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.Sort(s, x, axis, descending) }
}

func argSortOf(axis int, descending bool) unaryOp {
	return func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.ArgSort(s, x, axis, descending) }
}

func TestSortGolden(t *testing.T) {
	checkGolden(t, "sequences", "Sort", func(s *graph.Scope, c golden.Case, in map[string]*gorgonia.Node) *gorgonia.Node {
		return sortOf(c.Axes[0], c.Param("descending") != 0)(s, in["x"])
	}, "x")
	for _, c := range golden.Cases(t, "sequences", "Sort") {
		x, index := c.In("x"), c.Out("index")
		got := eval(t, tensor.Float32, single(argSortOf(c.Axes[0], c.Param("descending") != 0)), values{x.Shape, x.Data})
		wantValues(t, got, index.Shape, index.Data...)
	}
}

func TestSort(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	x := at([]int{2, 5}, 2, nan, -inf, 2, inf, 3, nan, 1, nan, 1)
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		wantValues(t, eval(t, dt, single(sortOf(-1, false)), x), []int{2, 5}, -inf, 2, 2, inf, nan, 1, 1, 3, nan, nan)
		wantValues(t, eval(t, dt, single(argSortOf(-1, false)), x), []int{2, 5}, 2, 0, 3, 4, 1, 2, 4, 0, 1, 3)
		wantValues(t, eval(t, dt, single(sortOf(1, true)), x), []int{2, 5}, nan, inf, 2, 2, -inf, nan, nan, 3, 1, 1)
		wantValues(t, eval(t, dt, single(argSortOf(1, true)), x), []int{2, 5}, 1, 4, 0, 3, 2, 1, 3, 0, 2, 4)
		wantValues(t, eval(t, dt, single(sortOf(0, false)), x), []int{2, 5}, 2, nan, -inf, 2, 1, 3, nan, 1, nan, inf)
		wantValues(t, eval(t, dt, single(sortOf(0, true)), at([]int{0, 3})), []int{0, 3})
		wantValues(t, eval(t, dt, single(argSortOf(1, true)), at([]int{3, 0})), []int{3, 0})
		wantValues(t, eval(t, dt, single(sortOf(0, true)), at([]int{1}, nan)), []int{1}, nan)
	}
	for _, dt := range []tensor.Dtype{tensor.Int, tensor.Int32, tensor.Int64, tensor.Uint8} {
		wantValues(t, eval(t, dt, single(sortOf(0, false)), at([]int{4}, 7, 9, 0, 9)), []int{4}, 0, 7, 9, 9)
		got := eval(t, dt, single(argSortOf(0, true)), at([]int{4}, 7, 9, 0, 9))
		wantValues(t, got, []int{4}, 1, 3, 0, 2)
		if got.Dtype() != tensor.Int64 {
			t.Errorf("the indices are %v; want int64", got.Dtype())
		}
	}
	for axis := -1; axis < 3; axis++ {
		checkGradients(t, single(sortOf(axis, axis == 1)), wave(2, 0.1, 2, 3, 4))
	}
	for _, op := range []func(axis int, descending bool) unaryOp{sortOf, argSortOf} {
		wantBuildError(t, func(s *graph.Scope) {
			op(2, false)(s, graph.Placeholder(s, "x", tensor.Float32, -1, 3))
		}, "", "Sort", "float32[?, 3]", "axis 2")
		wantBuildError(t, func(s *graph.Scope) {
			op(0, false)(s, graph.Placeholder(s, "x", tensor.Bool, 3))
		}, "", "Sort", "bool[3]")
	}
}
