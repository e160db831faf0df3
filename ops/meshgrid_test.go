package ops_test

import (
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

func TestMeshGrid(t *testing.T) {
	mesh := func(indexing string, k int) func(*graph.Scope, gorgonia.Nodes) *gorgonia.Node {
		return func(s *graph.Scope, xs gorgonia.Nodes) *gorgonia.Node { return ops.MeshGrid(s, indexing, xs...)[k] }
	}
	a, b := at([]int{2}, 1, 2), at([]int{3}, 3, 4, 5)
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Int64, tensor.Uint8} {
		wantValues(t, eval(t, dt, mesh("ij", 0), a, b), []int{2, 3}, 1, 1, 1, 2, 2, 2)
		wantValues(t, eval(t, dt, mesh("ij", 1), a, b), []int{2, 3}, 3, 4, 5, 3, 4, 5)
		wantValues(t, eval(t, dt, mesh("xy", 0), a, b), []int{3, 2}, 1, 2, 1, 2, 1, 2)
		wantValues(t, eval(t, dt, mesh("xy", 1), a, b), []int{3, 2}, 3, 3, 4, 4, 5, 5)
		wantValues(t, eval(t, dt, mesh("xy", 0), a), []int{2}, 1, 2)
		wantValues(t, eval(t, dt, mesh("xy", 2), a, b, at([]int{1}, 9)), []int{3, 2, 1}, 9, 9, 9, 9, 9, 9)
		wantValues(t, eval(t, dt, mesh("ij", 0), at([]int{0}), b), []int{0, 3})
	}
	for _, indexing := range []string{"ij", "xy"} {
		checkGradients(t, func(s *graph.Scope, xs gorgonia.Nodes) *gorgonia.Node {
			m := ops.MeshGrid(s, indexing, xs...)
			return ops.Mul(s, ops.Mul(s, m[0], m[1]), m[2])
		}, wave(1, 0.2, 2), wave(0.7, 0.1, 3), wave(0.5, 0.4, 2))
	}
	wantBuildError(t, func(s *graph.Scope) { ops.MeshGrid(s, "yx", graph.Placeholder(s, "x", tensor.Float32, 3)) }, "MeshGrid", `"yx"`)
	wantBuildError(t, func(s *graph.Scope) { ops.MeshGrid(s, "ij", graph.Placeholder(s, "x", tensor.Float32, 3, 1)) }, "MeshGrid", "float32[3, 1]", "rank 1")
	wantBuildError(t, func(s *graph.Scope) { ops.MeshGrid(s, "ij") }, "MeshGrid", "no vectors")
}
