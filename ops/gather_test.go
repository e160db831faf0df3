package ops_test

import (
	"fmt"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
)

// indexing gives an op of float operands constant indices of one dtype.
func indexing(dtype tensor.Dtype, indices values, f func(s *graph.Scope, xs gorgonia.Nodes, indices *gorgonia.Node) *gorgonia.Node) func(*graph.Scope, gorgonia.Nodes) *gorgonia.Node {
	return func(s *graph.Scope, xs gorgonia.Nodes) *gorgonia.Node {
		return f(s, xs, graph.Const(s, indices.feed(dtype)))
	}
}

func gatherOn(axis int) func(s *graph.Scope, xs gorgonia.Nodes, indices *gorgonia.Node) *gorgonia.Node {
	return func(s *graph.Scope, xs gorgonia.Nodes, indices *gorgonia.Node) *gorgonia.Node {
		return ops.Gather(s, xs[0], indices, axis)
	}
}

func TestGather(t *testing.T) {
	x := at([]int{3, 2}, 1, 0, 3, 0, 5, 6)
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64, tensor.Int, tensor.Int32, tensor.Uint8} {
		for _, it := range []tensor.Dtype{tensor.Int, tensor.Int32, tensor.Int64} {
			get := func(indices values, axis int) *tensor.Dense {
				return eval(t, dt, indexing(it, indices, gatherOn(axis)), x)
			}
			wantValues(t, get(at([]int{2}, 2, 0), 0), []int{2, 2}, 5, 6, 1, 0)
			wantValues(t, get(at([]int{2, 2}, 2, 0, 1, 1), -2), []int{2, 2, 2}, 5, 6, 1, 0, 3, 0, 3, 0)
			wantValues(t, get(at([]int{3}, 1, 0, 1), 1), []int{3, 3}, 0, 1, 0, 0, 3, 0, 6, 5, 6)
			wantValues(t, get(at(nil, 2), 0), []int{2}, 5, 6)
			wantValues(t, get(at(nil, 1), -1), []int{3}, 0, 0, 6)
			wantValues(t, get(at([]int{0}), 0), []int{0, 2})
			wantValues(t, get(at([]int{0}), 1), []int{3, 0})
		}
	}
	wantValues(t, eval(t, tensor.Bool, indexing(tensor.Int, at([]int{2}, 1, 0), gatherOn(0)), at([]int{2}, 1, 0)), []int{2}, 0, 1)
	wantValues(t, eval(t, tensor.Float32, indexing(tensor.Int, at([]int{0}), gatherOn(0)), at([]int{0, 2})), []int{0, 2})
	wantValues(t, eval(t, tensor.Float32, indexing(tensor.Int, at([]int{2}, 1, 1), gatherOn(0)), at([]int{2, 0})), []int{2, 0})
}

func TestGatherGradients(t *testing.T) {
	for _, c := range []struct {
		shape   []int
		indices values
		axis    int
	}{
		{[]int{4, 3}, at([]int{5}, 1, 3, 1, 0, 1), 0},
		{[]int{4, 3}, at([]int{2, 2}, 2, 0, 0, 2), 1},
		{[]int{2, 3, 2}, at([]int{2}, 1, 1), -2},
		{[]int{2, 3, 2}, at(nil, 1), 2},
		{[]int{3}, at([]int{4}, 0, 2, 2, 0), 0},
		{[]int{3}, at([]int{0}), 0},
	} {
		t.Run(fmt.Sprint(c.shape, c.indices, c.axis), func(t *testing.T) {
			checkGradients(t, indexing(tensor.Int32, c.indices, func(s *graph.Scope, xs gorgonia.Nodes, indices *gorgonia.Node) *gorgonia.Node {
				return ops.Square(s, ops.Gather(s, xs[0], indices, c.axis))
			}), wave(1, 0.3, c.shape...))
		})
	}
}

func TestGatherGolden(t *testing.T) {
	checkGolden(t, "shapes", "Gather", func(s *graph.Scope, c golden.Case, in map[string]*gorgonia.Node) *gorgonia.Node {
		return ops.Gather(s, in["x"], goldenIndices(s, c), c.Axes[0])
	}, "x")
}

// goldenIndices is the integer input of a golden case.
func goldenIndices(s *graph.Scope, c golden.Case) *gorgonia.Node {
	a := c.In("indices")
	return graph.Const(s, values{a.Shape, a.Data}.feed(tensor.Int64))
}

func TestGatherErrors(t *testing.T) {
	for _, c := range []struct {
		indices tensor.Dtype
		axis    int
		words   []string
	}{
		{tensor.Float32, 0, []string{"float32[3, 2]", "int, int32 or int64", "ops.Cast"}},
		{tensor.Int, 2, []string{"axis 2", "rank 2"}},
	} {
		wantBuildError(t, func(s *graph.Scope) {
			ops.Gather(s, graph.Placeholder(s, "x", tensor.Float32, 3, 2), graph.Placeholder(s, "i", c.indices, 4), c.axis)
		}, "Gather", c.words...)
	}
	g := graph.New(graph.Config{})
	s := g.Scope()
	feeds := graph.Feeds{}
	x := input(s, feeds, "x", tensor.Float32, wave(1, 0, 5, 2), true)
	i := input(s, feeds, "i", tensor.Int, at([]int{2, 2}, 0, 4, 5, 1), true)
	y := ops.Gather(s.NameScope("net"), x, i, 0)
	wantRunError(t, g, feeds, y, "net/Gather", "index 5 at position [1 0]", "axis 0", "0 to 4")
	// The gradient does not need the forward value, but the same indices.
	dx := graph.Gradients(s, gorgonia.Nodes{y}, gorgonia.Nodes{x}, nil)[0]
	feeds[i] = at([]int{2, 2}, 0, 4, 2, -1).feed(tensor.Int)
	wantRunError(t, g, feeds, dx, "index -1 at position [1 1]")
	feeds[x] = at([]int{0, 2}).feed(tensor.Float32)
	wantRunError(t, g, feeds, y, "index 0 at position [0 0]", "axis 0 has size 0")
}
