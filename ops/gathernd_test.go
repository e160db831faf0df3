package ops_test

import (
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

func TestGatherND(t *testing.T) {
	nd := func(s *graph.Scope, xs gorgonia.Nodes, indices *gorgonia.Node) *gorgonia.Node {
		return ops.GatherND(s, xs[0], indices)
	}
	x := at([]int{2, 2, 2}, 1, 2, 3, 4, 5, 6, 7, 8)
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64, tensor.Int64, tensor.Uint8} {
		get := func(indices values) *tensor.Dense { return eval(t, dt, indexing(tensor.Int32, indices, nd), x) }
		wantValues(t, get(at([]int{2, 1}, 1, 0)), []int{2, 2, 2}, 5, 6, 7, 8, 1, 2, 3, 4)
		wantValues(t, get(at([]int{2, 2}, 0, 1, 1, 0)), []int{2, 2}, 3, 4, 5, 6)
		wantValues(t, get(at([]int{1, 2, 3}, 0, 0, 1, 1, 0, 1)), []int{1, 2}, 2, 6)
		wantValues(t, get(at([]int{3}, 1, 1, 1)), nil, 8)
		wantValues(t, get(at([]int{1, 0})), []int{1, 2, 2, 2}, 1, 2, 3, 4, 5, 6, 7, 8)
		wantValues(t, get(at([]int{0, 2})), []int{0, 2})
	}
	for _, indices := range []values{at([]int{3, 1}, 1, 0, 1), at([]int{2, 2}, 1, 2, 1, 2), at([]int{2, 1, 3}, 1, 2, 0, 0, 1, 1)} {
		checkGradients(t, indexing(tensor.Int, indices, func(s *graph.Scope, xs gorgonia.Nodes, indices *gorgonia.Node) *gorgonia.Node {
			return ops.Square(s, ops.GatherND(s, xs[0], indices))
		}), wave(1, 0.3, 2, 3, 2))
	}
	wantBuildError(t, func(s *graph.Scope) {
		ops.GatherND(s, graph.Placeholder(s, "x", tensor.Float32, 3, 2), graph.Placeholder(s, "i", tensor.Int, 4, 3))
	}, "GatherNd", "int[4, 3]", "at most 2", "float32[3, 2]")
	wantBuildError(t, func(s *graph.Scope) {
		ops.GatherND(s, graph.Placeholder(s, "x", tensor.Float32, 3, 2), graph.Placeholder(s, "i", tensor.Int))
	}, "GatherNd", "scalar")
	g := graph.New(graph.Config{})
	feeds := graph.Feeds{}
	xs := input(g.Scope(), feeds, "x", tensor.Float32, wave(1, 0, 5, 2), true)
	i := graph.Const(g.Scope(), []int{1, 2})
	wantRunError(t, g, feeds, ops.GatherND(g.Scope(), xs, i), "GatherNd", "index 2 at position [1]", "axis 1", "0 to 1")
}
