package ops_test

import (
	"math"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

func TestMulNoNan(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	a, b := at([]int{6}, inf, nan, 2, 0, 0, -inf), at([]int{6}, 0, 0, 3, inf, nan, 2)
	wantValues(t, eval(t, tensor.Float32, double(ops.MulNoNan), a, b), []int{6}, 0, 0, 6, nan, nan, -inf)
	wantValues(t, eval(t, tensor.Float32, double(ops.MulNoNan), a, at(nil, 0)), []int{6}, 0, 0, 0, 0, 0, 0)
	wantValues(t, eval(t, tensor.Float32, double(ops.MulNoNan), at(nil, nan), at([]int{2}, 0, 1)), []int{2}, 0, nan)
	wantValues(t, eval(t, tensor.Float64, double(ops.MulNoNan), at([]int{2, 1}, inf, 3), at([]int{3}, 0, 1, 2)), []int{2, 3}, 0, inf, inf, 0, 3, 6)
	wantValues(t, eval(t, tensor.Float32, double(ops.MulNoNan), at([]int{0, 3}), at([]int{3}, 0, 1, 2)), []int{0, 3})
}

func TestMulNoNanGradients(t *testing.T) {
	for _, shapes := range [][2][]int{{{3, 4}, {3, 4}}, {{3, 4}, {4}}, {{3, 1}, {2, 1, 4}}, {nil, {3}}, {{3}, nil}} {
		checkGradients(t, double(ops.MulNoNan), wave(1, 0.3, shapes[0]...), wave(2, -0.2, shapes[1]...))
	}
	gradient := func(s *graph.Scope, xs gorgonia.Nodes) *gorgonia.Node {
		return graph.Gradients(s, gorgonia.Nodes{ops.MulNoNan(s, xs[0], xs[1])}, xs[:1], nil)[0]
	}
	wantValues(t, eval(t, tensor.Float32, gradient, at([]int{3}, math.NaN(), math.Inf(1), 2), at([]int{3}, 0, 0, 5)), []int{3}, 0, 0, 5)
	masked := func(s *graph.Scope, xs gorgonia.Nodes) *gorgonia.Node {
		return graph.Gradients(s, gorgonia.Nodes{ops.MulNoNan(s, xs[0], xs[1])}, xs[1:2], xs[2:])[0]
	}
	wantValues(t, eval(t, tensor.Float32, masked, at([]int{3}, math.NaN(), math.Inf(1), 2), at([]int{3}, 1, 0, 5), at([]int{3}, 0, 0, 3)), []int{3}, 0, 0, 6)
}

func TestMulNoNanErrors(t *testing.T) {
	wantBuildError(t, func(s *graph.Scope) {
		ops.MulNoNan(s, graph.Placeholder(s, "a", tensor.Float32, 2), graph.Placeholder(s, "b", tensor.Float32, 3))
	}, "MulNoNan", "float32[2]", "float32[3]", "aligned at the last axis")
	wantBuildError(t, func(s *graph.Scope) {
		x := graph.Placeholder(s, "a", tensor.Int64, 2)
		ops.MulNoNan(s, x, x)
	}, "MulNoNan", "int64[2]", "float32 or float64")
}
