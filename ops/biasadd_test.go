package ops_test

import (
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

func TestBiasAdd(t *testing.T) {
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		got := eval(t, dt, double(ops.BiasAdd), at([]int{2, 3}, 1, 2, 3, 4, 5, 6), at([]int{3}, 10, 20, 30))
		wantValues(t, got, []int{2, 3}, 11, 22, 33, 14, 25, 36)
	}
	for _, shape := range [][]int{{3}, {1, 3}, {4, 3}, {2, 2, 3}, {2, 1}, {0, 3}} {
		checkGradients(t, double(ops.BiasAdd), wave(1, 0.1, shape...), wave(0.5, 0.2, shape[len(shape)-1]))
	}
}

func TestBiasAddErrors(t *testing.T) {
	for _, c := range []struct {
		x, bias []int
		dtype   tensor.Dtype // of the bias
		words   []string
	}{
		{[]int{2, 3}, []int{2}, tensor.Float32, []string{"float32[2, 3]", "float32[2]", "last axis"}},
		{[]int{2, 3}, []int{1}, tensor.Float32, []string{"last axis"}},
		{[]int{2, 3}, []int{1, 3}, tensor.Float32, []string{"rank 1"}},
		{[]int{}, []int{1}, tensor.Float32, []string{"rank 1"}},
		{[]int{2, 3}, []int{3}, tensor.Float64, []string{"float64[3]", "ops.Cast"}},
	} {
		wantBuildError(t, func(s *graph.Scope) {
			ops.BiasAdd(s, graph.Placeholder(s, "x", tensor.Float32, c.x...), graph.Placeholder(s, "b", c.dtype, c.bias...))
		}, "BiasAdd", c.words...)
	}
}
