package ops_test

import (
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

func TestScatterND(t *testing.T) {
	nd := func(sizes ...int) func(s *graph.Scope, xs gorgonia.Nodes, indices *gorgonia.Node) *gorgonia.Node {
		return func(s *graph.Scope, xs gorgonia.Nodes, indices *gorgonia.Node) *gorgonia.Node {
			return ops.ScatterND(s, indices, xs[0], sizes...)
		}
	}
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64, tensor.Int32} {
		wantValues(t, eval(t, dt, indexing(tensor.Int, at([]int{3, 1}, 1, 3, 1), nd(4)), at([]int{3}, 1, 2, 3)), []int{4}, 0, 4, 0, 2)
		wantValues(t, eval(t, dt, indexing(tensor.Int, at([]int{2, 2}, 0, 1, 1, 0), nd(2, 2)), at([]int{2}, 5, 6)), []int{2, 2}, 0, 5, 6, 0)
		wantValues(t, eval(t, dt, indexing(tensor.Int, at([]int{1, 1}, 1), nd(2, 3)), at([]int{1, 3}, 1, 2, 3)), []int{2, 3}, 0, 0, 0, 1, 2, 3)
	}
	add := func(s *graph.Scope, xs gorgonia.Nodes, indices *gorgonia.Node) *gorgonia.Node {
		return ops.Square(s, ops.ScatterNDAdd(s, xs[0], indices, xs[1]))
	}
	indices := at([]int{3, 2}, 1, 0, 0, 2, 1, 0)
	wantValues(t, eval(t, tensor.Float32, indexing(tensor.Int32, indices, add), at([]int{2, 3}, 1, 1, 1, 1, 1, 1), at([]int{3}, 1, 2, 3)), []int{2, 3}, 1, 1, 9, 25, 1, 1)
	checkGradients(t, indexing(tensor.Int, indices, add), wave(1, 0.2, 2, 3, 2), wave(0.8, 0.1, 3, 2))
	checkGradients(t, indexing(tensor.Int, indices, func(s *graph.Scope, xs gorgonia.Nodes, indices *gorgonia.Node) *gorgonia.Node {
		return ops.Square(s, ops.ScatterND(s, indices, xs[0], 2, 3))
	}), wave(0.8, 0.1, 3))
	wantBuildError(t, func(s *graph.Scope) {
		ops.ScatterND(s, graph.Placeholder(s, "i", tensor.Int, 4, 1), graph.Placeholder(s, "u", tensor.Float32, 4, 2), 5, 3)
	}, "ScatterNd", "float32[4, 2]", "want shape [4 3]")
	wantBuildError(t, func(s *graph.Scope) {
		ops.ScatterND(s, graph.Placeholder(s, "i", tensor.Int, 4, 1), graph.Placeholder(s, "u", tensor.Float32, 4), -1)
	}, "ScatterNd", "axis 0 must be known")
}
