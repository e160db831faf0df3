package ops_test

import (
	"math"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

func TestRange(t *testing.T) {
	for _, c := range []struct {
		start, limit, step float64
		want               []float64
	}{
		{0, 4, 1, []float64{0, 1, 2, 3}}, {2, 9, 3, []float64{2, 5, 8}}, {3, -1, -1, []float64{3, 2, 1, 0}}, {3, 3, 1, nil}, {3, 0, 1, nil}, {-1, 1, 5, []float64{-1}},
	} {
		for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64, tensor.Int, tensor.Int32, tensor.Int64} {
			g := graph.New(graph.Config{})
			out := run(t, g, nil, ops.Range(g.Scope(), dt, c.start, c.limit, c.step))
			wantValues(t, out.Tensor(0), []int{len(c.want)}, c.want...)
			if got := out.Tensor(0).Dtype(); got != dt {
				t.Errorf("dtype %v; want %v", got, dt)
			}
		}
	}
	g := graph.New(graph.Config{})
	wantValues(t, run(t, g, nil, ops.Range(g.Scope(), tensor.Float64, 0, 1, 0.25)).Tensor(0), []int{4}, 0, 0.25, 0.5, 0.75)
	like := single(func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.RangeLike(s, tensor.Int32, x, -1) })
	wantValues(t, eval(t, tensor.Bool, like, at([]int{1, 3}, 1, 1, 1)), []int{3}, 0, 1, 2)
	wantValues(t, eval(t, tensor.Float32, like, at([]int{2, 0})), []int{0})
	for _, c := range []struct {
		dtype              tensor.Dtype
		start, limit, step float64
		words              []string
	}{
		{tensor.Int, 0, 5, 0, []string{"a step that is not 0"}}, {tensor.Float32, 0, math.Inf(1), 1, []string{"finite"}}, {tensor.Float32, math.NaN(), 1, 1, []string{"finite"}},
		{tensor.Int, 0.5, 5, 1, []string{"0.5", "int"}}, {tensor.Bool, 0, 5, 1, []string{"bool is not supported"}},
	} {
		wantBuildError(t, func(s *graph.Scope) { ops.Range(s, c.dtype, c.start, c.limit, c.step) }, "Range", c.words...)
	}
	wantBuildError(t, func(s *graph.Scope) {
		ops.RangeLike(s, tensor.Int, graph.Placeholder(s, "x", tensor.Float32, 3), 1)
	}, "Range", "axis 1 is out of range")
}
