package ops_test

import (
	"math"
	"sort"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
)

func topValues(k int) unaryOp {
	return func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
		values, _ := ops.TopK(s, x, k)
		return values
	}
}

func topIndices(k int) unaryOp {
	return func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
		_, indices := ops.TopK(s, x, k)
		return indices
	}
}

func TestTopKGolden(t *testing.T) {
	checkGolden(t, "sequences", "TopK", func(s *graph.Scope, c golden.Case, in map[string]*gorgonia.Node) *gorgonia.Node {
		return topValues(int(c.Param("k")))(s, in["x"])
	}, "x")
	for _, c := range golden.Cases(t, "sequences", "TopK") {
		x, index := c.In("x"), c.Out("index")
		got := eval(t, tensor.Float32, single(topIndices(int(c.Param("k")))), values{x.Shape, x.Data})
		wantValues(t, got, index.Shape, index.Data...)
	}
}

func TestTopK(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	x := at([]int{3, 5}, 1, 3, 2, 3, 3, -inf, nan, inf, 0, nan, 0, 0, 0, 0, 0)
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		wantValues(t, eval(t, dt, single(topValues(3)), x), []int{3, 3}, 3, 3, 3, nan, nan, inf, 0, 0, 0)
		wantValues(t, eval(t, dt, single(topIndices(3)), x), []int{3, 3}, 1, 3, 4, 1, 4, 2, 0, 1, 2)
		wantValues(t, eval(t, dt, single(topIndices(5)), x), []int{3, 5}, 1, 3, 4, 2, 0, 1, 4, 2, 3, 0, 0, 1, 2, 3, 4)
		wantValues(t, eval(t, dt, single(topValues(0)), x), []int{3, 0})
		wantValues(t, eval(t, dt, single(topValues(2)), at([]int{0, 3})), []int{0, 2})
		wantValues(t, eval(t, dt, single(topValues(0)), at([]int{2, 0})), []int{2, 0})
	}
	for _, dt := range []tensor.Dtype{tensor.Int, tensor.Int32, tensor.Int64, tensor.Uint8} {
		wantValues(t, eval(t, dt, single(topValues(2)), at([]int{4}, 7, 9, 9, 1)), []int{2}, 9, 9)
		got := eval(t, dt, single(topIndices(2)), at([]int{4}, 7, 9, 9, 1))
		wantValues(t, got, []int{2}, 1, 2)
		if got.Dtype() != tensor.Int64 {
			t.Errorf("the indices are %v; want int64", got.Dtype())
		}
	}
	for k := 1; k <= 7; k++ {
		checkGradients(t, single(topValues(k)), wave(2, 0.1, 2, 3, 7))
	}
	// A long row, against a sort.
	row := wave(100, 0, 3000)
	for i := range row.data {
		row.data[i] = math.Floor(row.data[i])
	}
	order := make([]int, len(row.data))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(i, j int) bool { return row.data[order[i]] > row.data[order[j]] })
	for _, k := range []int{1, 2, 10, 1000, 3000} {
		want := make([]float64, k)
		for i := range want {
			want[i] = float64(order[i])
		}
		wantValues(t, eval(t, tensor.Float32, single(topIndices(k)), row), []int{k}, want...)
	}
}

func TestTopKErrors(t *testing.T) {
	for _, c := range []struct {
		dtype tensor.Dtype
		shape []int
		k     int
		words []string
	}{
		{tensor.Float32, []int{-1, 3}, 4, []string{"float32[?, 3]", "k is 4"}},
		{tensor.Float32, []int{3}, -1, []string{"k is -1"}},
		{tensor.Float32, []int{}, 1, []string{"rank 0"}},
		{tensor.Bool, []int{3}, 1, []string{"bool[3]"}},
	} {
		wantBuildError(t, func(s *graph.Scope) {
			v, i := ops.TopK(s, graph.Placeholder(s, "x", c.dtype, c.shape...), c.k)
			if !graph.IsBad(v) || !graph.IsBad(i) {
				t.Errorf("got %v and %v; want bad nodes", v, i)
			}
		}, "TopK", c.words...)
	}
	g := graph.New(graph.Config{})
	feeds := graph.Feeds{}
	x := input(g.Scope(), feeds, "x", tensor.Float32, wave(1, 0, 3), true)
	wantRunError(t, g, feeds, topValues(4)(g.Scope(), x), "TopK", "float32[3]", "k is 4")
}
