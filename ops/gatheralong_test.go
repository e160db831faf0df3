package ops_test

import (
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
)

func gatherAlong(axis int) func(s *graph.Scope, xs gorgonia.Nodes, indices *gorgonia.Node) *gorgonia.Node {
	return func(s *graph.Scope, xs gorgonia.Nodes, indices *gorgonia.Node) *gorgonia.Node {
		return ops.GatherAlong(s, xs[0], indices, axis)
	}
}

func TestGatherAlong(t *testing.T) {
	x := at([]int{2, 3}, 0, 1, 1, 1, 0, 1)
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64, tensor.Int, tensor.Int32, tensor.Uint8, tensor.Bool} {
		for _, it := range []tensor.Dtype{tensor.Int, tensor.Int32, tensor.Int64} {
			wantValues(t, eval(t, dt, indexing(it, at([]int{2, 2}, 2, 0, 1, 1), gatherAlong(1)), x), []int{2, 2}, 1, 0, 0, 0)
			wantValues(t, eval(t, dt, indexing(it, at([]int{1, 3}, 1, 1, 0), gatherAlong(-2)), x), []int{1, 3}, 1, 0, 1)
			wantValues(t, eval(t, dt, indexing(it, at([]int{2, 0}), gatherAlong(1)), x), []int{2, 0})
		}
	}
	wantValues(t, eval(t, tensor.Float32, indexing(tensor.Int, at([]int{2, 1, 2}, 1, 0, 0, 1), gatherAlong(1)), at([]int{2, 2, 2}, 0, 1, 2, 3, 4, 5, 6, 7)), []int{2, 1, 2}, 2, 1, 4, 7)
	checkGradients(t, indexing(tensor.Int32, at([]int{3, 2}, 1, 0, 1, 2, 1, 0), func(s *graph.Scope, xs gorgonia.Nodes, indices *gorgonia.Node) *gorgonia.Node {
		return ops.Square(s, ops.GatherAlong(s, xs[0], indices, 0))
	}), wave(1, 0.3, 3, 4))
	checkGolden(t, "shapes", "GatherAlong", func(s *graph.Scope, c golden.Case, in map[string]*gorgonia.Node) *gorgonia.Node {
		return ops.GatherAlong(s, in["x"], goldenIndices(s, c), c.Axes[0])
	}, "x")
}

// What ArgSort says gives what Sort does.
func TestGatherAlongSorts(t *testing.T) {
	x := wave(1, 0.7, 3, 5, 2)
	for axis := range 3 {
		got := eval(t, tensor.Float32, func(s *graph.Scope, xs gorgonia.Nodes) *gorgonia.Node {
			return ops.Sub(s, ops.GatherAlong(s, xs[0], ops.ArgSort(s, xs[0], axis, false), axis), ops.Sort(s, xs[0], axis, false))
		}, x)
		wantValues(t, got, []int{3, 5, 2}, make([]float64, 30)...)
	}
}

func TestGatherAlongErrors(t *testing.T) {
	for _, c := range []struct {
		indices []int
		axis    int
		words   []string
	}{
		{[]int{4}, 0, []string{"int[4]", "float32[3, 2]", "one rank"}},
		{[]int{4, 3}, 0, []string{"no more than 2 along axis 1"}},
		{[]int{4, 2}, 2, []string{"axis 2", "rank 2"}},
	} {
		wantBuildError(t, func(s *graph.Scope) {
			ops.GatherAlong(s, graph.Placeholder(s, "x", tensor.Float32, 3, 2), graph.Placeholder(s, "i", tensor.Int, c.indices...), c.axis)
		}, "GatherAlong", c.words...)
	}
	g := graph.New(graph.Config{})
	s := g.Scope()
	feeds := graph.Feeds{}
	x := input(s, feeds, "x", tensor.Float32, wave(1, 0, 5, 2), true)
	i := input(s, feeds, "i", tensor.Int, at([]int{2, 2}, 0, 4, 5, 1), true)
	wantRunError(t, g, feeds, ops.GatherAlong(s.NameScope("net"), x, i, 0), "net/GatherAlong", "index 5 at position [1 0]", "axis 0", "0 to 4")
	feeds[i] = at([]int{2, 2}, 0, 4, 2, -1).feed(tensor.Int)
	wantRunError(t, g, feeds, ops.ScatterAlong(s.NameScope("net"), x, i, ops.GatherAlong(s, x, graph.ZerosLike(s, i), 0), 0), "net/ScatterAlong", "index -1 at position [1 1]")
}
