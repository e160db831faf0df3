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

func TestDot(t *testing.T) {
	goldenSplit(t, "Dot", func(s *graph.Scope, c golden.Case, xs gorgonia.Nodes) *gorgonia.Node { return ops.Dot(s, xs[0], xs[1]) })
	checkGradients(t, double(ops.Dot), wave(1, 0.2, 4), wave(0.7, -0.1, 4))
	wantValues(t, eval(t, tensor.Float32, double(ops.Dot), at([]int{0}), at([]int{0})), nil, 0)
	wantValues(t, eval(t, tensor.Float64, double(ops.Dot), at([]int{2}, math.Inf(1), 1), at([]int{2}, 0, 1)), nil, math.NaN())
	long := values{[]int{100001}, make([]float64, 100001)}
	for i := range long.data {
		long.data[i] = float64(i % 3)
	}
	wantValues(t, eval(t, tensor.Float32, double(ops.Dot), long, long), nil, 33333+4*33333+0+1)
	for _, b := range [][]int{{4}, {3, 1}, {}} {
		wantBuildError(t, func(s *graph.Scope) {
			ops.Dot(s, graph.Placeholder(s, "a", tensor.Float32, 3), graph.Placeholder(s, "b", tensor.Float32, b...))
		}, "Dot", "float32[3]", graph.Spec{Dtype: tensor.Float32, Shape: b}.String())
	}
}
