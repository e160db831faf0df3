package ops_test

import (
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
)

type scatter func(s *graph.Scope, base, indices, updates *gorgonia.Node) *gorgonia.Node

func (f scatter) on(s *graph.Scope, xs gorgonia.Nodes, indices *gorgonia.Node) *gorgonia.Node {
	return f(s, xs[0], indices, xs[1])
}

func scatterAlong(axis int) scatter {
	return func(s *graph.Scope, base, indices, updates *gorgonia.Node) *gorgonia.Node {
		return ops.ScatterAlong(s, base, indices, updates, axis)
	}
}

func scatterAlongAdd(axis int) scatter {
	return func(s *graph.Scope, base, indices, updates *gorgonia.Node) *gorgonia.Node {
		return ops.ScatterAlongAdd(s, base, indices, updates, axis)
	}
}

// Of equal indices the last one counts, or all.
func TestScatterAlong(t *testing.T) {
	base, indices, updates := at([]int{2, 3}, 1, 2, 3, 4, 5, 6), at([]int{2, 2}, 2, 2, 0, 1), at([]int{2, 2}, 10, 20, 30, 40)
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64, tensor.Int, tensor.Int32, tensor.Int64, tensor.Uint8} {
		for _, it := range []tensor.Dtype{tensor.Int, tensor.Int32, tensor.Int64} {
			wantValues(t, eval(t, dt, indexing(it, indices, scatterAlong(1).on), base, updates), []int{2, 3}, 1, 2, 20, 30, 40, 6)
			wantValues(t, eval(t, dt, indexing(it, indices, scatterAlongAdd(-1).on), base, updates), []int{2, 3}, 1, 2, 33, 34, 45, 6)
			wantValues(t, eval(t, dt, indexing(it, at([]int{1, 2}, 1, 0), scatterAlong(0).on), base, at([]int{1, 2}, 7, 8)), []int{2, 3}, 1, 8, 3, 7, 5, 6)
			wantValues(t, eval(t, dt, indexing(it, at([]int{2, 1}, 1, 1), scatter(ops.ScatterNDUpdate).on), base, at([]int{2, 3}, 7, 8, 9, 6, 5, 4)), []int{2, 3}, 1, 2, 3, 6, 5, 4)
		}
	}
	wantValues(t, eval(t, tensor.Bool, indexing(tensor.Int, at([]int{1, 1}, 2), scatterAlong(1).on), at([]int{1, 3}, 1, 1, 1), at([]int{1, 1}, 0)), []int{1, 3}, 1, 1, 0)
}

func TestScatterAlongGradients(t *testing.T) {
	squared := func(f scatter) func(s *graph.Scope, xs gorgonia.Nodes, indices *gorgonia.Node) *gorgonia.Node {
		return func(s *graph.Scope, xs gorgonia.Nodes, indices *gorgonia.Node) *gorgonia.Node {
			return ops.Square(s, f(s, xs[0], indices, xs[1]))
		}
	}
	differ, equal := at([]int{3, 2}, 1, 0, 3, 2, 2, 0), at([]int{3, 2}, 1, 0, 1, 2, 1, 0)
	checkGradients(t, indexing(tensor.Int, differ, squared(scatterAlong(1))), wave(1, 0.2, 3, 4), wave(0.8, 0.1, 3, 2))
	checkGradients(t, indexing(tensor.Int, equal, squared(scatterAlongAdd(1))), wave(1, 0.2, 3, 4), wave(0.8, 0.1, 3, 2))
	checkGradients(t, indexing(tensor.Int, at([]int{2, 2}, 1, 0, 2, 1), squared(ops.ScatterNDUpdate)), wave(1, 0.2, 3, 2, 2), wave(0.8, 0.1, 2, 2))
	for op, f := range map[string]func(axis int) scatter{"ScatterAlong": scatterAlong, "ScatterAlongAdd": scatterAlongAdd} {
		checkGolden(t, "shapes", op, func(s *graph.Scope, c golden.Case, in map[string]*gorgonia.Node) *gorgonia.Node {
			return f(c.Axes[0])(s, in["base"], goldenIndices(s, c), in["updates"])
		}, "base", "updates")
	}
	checkGolden(t, "shapes", "ScatterNDUpdate", func(s *graph.Scope, c golden.Case, in map[string]*gorgonia.Node) *gorgonia.Node {
		return ops.ScatterNDUpdate(s, in["base"], goldenIndices(s, c), in["updates"])
	}, "base", "updates")
}

func TestScatterAlongErrors(t *testing.T) {
	for want, updates := range map[tensor.Dtype]string{tensor.Int: "one dtype", tensor.Float32: "want shape [4 2]"} {
		wantBuildError(t, func(s *graph.Scope) {
			ops.ScatterAlong(s, graph.Placeholder(s, "x", tensor.Float32, 4, 2), graph.Placeholder(s, "i", tensor.Int, 4, 2), graph.Placeholder(s, "u", want, 4, 3), 1)
		}, "ScatterAlong", updates)
	}
}
