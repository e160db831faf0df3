package ops_test

import (
	"fmt"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

func concatOn(axis int) func(*graph.Scope, gorgonia.Nodes) *gorgonia.Node {
	return func(s *graph.Scope, xs gorgonia.Nodes) *gorgonia.Node { return ops.Concat(s, axis, xs...) }
}

func TestConcat(t *testing.T) {
	a, b, c := at([]int{2, 2}, 1, 2, 3, 4), at([]int{1, 2}, 5, 6), at([]int{0, 2})
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64, tensor.Int, tensor.Int32, tensor.Uint8} {
		wantValues(t, eval(t, dt, concatOn(0), a, c, b), []int{3, 2}, 1, 2, 3, 4, 5, 6)
		wantValues(t, eval(t, dt, concatOn(-2), b, a), []int{3, 2}, 5, 6, 1, 2, 3, 4)
		wantValues(t, eval(t, dt, concatOn(1), a, at([]int{2, 1}, 7, 8), a), []int{2, 5}, 1, 2, 7, 1, 2, 3, 4, 8, 3, 4)
		wantValues(t, eval(t, dt, concatOn(1), a), []int{2, 2}, 1, 2, 3, 4)
		wantValues(t, eval(t, dt, concatOn(-1), c, c), []int{0, 4})
		wantValues(t, eval(t, dt, concatOn(0), at([]int{1}, 1), at([]int{2}, 2, 3)), []int{3}, 1, 2, 3)
	}
	wantValues(t, eval(t, tensor.Float32, concatOn(1), at([]int{1, 2, 1}, 1, 2), at([]int{1, 1, 1}, 3)), []int{1, 3, 1}, 1, 2, 3)
}

func TestConcatGradients(t *testing.T) {
	for _, c := range []struct {
		axis   int
		shapes [][]int
	}{
		{0, [][]int{{2, 3}, {1, 3}, {3, 3}}},
		{1, [][]int{{2, 3}, {2, 1}, {2, 2}}},
		{-1, [][]int{{2, 1, 2}, {2, 1, 1}}},
		{1, [][]int{{2, 1, 2}, {2, 3, 2}, {2, 0, 2}}},
		{0, [][]int{{3}}},
	} {
		t.Run(fmt.Sprint(c.axis, c.shapes), func(t *testing.T) {
			var in []values
			for i, sh := range c.shapes {
				in = append(in, wave(1, 0.2*float64(i), sh...))
			}
			checkGradients(t, func(s *graph.Scope, xs gorgonia.Nodes) *gorgonia.Node {
				return ops.Square(s, ops.Concat(s, c.axis, xs...))
			}, in...)
		})
	}
	// A tensor that occurs twice gets both parts.
	checkGradients(t, single(func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
		return ops.Square(s, ops.Concat(s, 0, x, ops.Exp(s, x), x))
	}), wave(1, 0.1, 2, 2))
}

func TestConcatErrors(t *testing.T) {
	for _, c := range []struct {
		axis  int
		a, b  []int
		dtype tensor.Dtype // of b
		words []string
	}{
		{0, []int{2, 3}, []int{2, 4}, tensor.Float32, []string{"float32[2, 3]", "float32[2, 4]", "only axis 0 may differ"}},
		{2, []int{2, 3}, []int{2, 3}, tensor.Float32, []string{"axis 2", "rank 2"}},
		{0, []int{2, 3}, []int{3}, tensor.Float32, []string{"float32[3]", "want one rank"}},
		{0, []int{2, 3}, []int{2, 3}, tensor.Int, []string{"int[2, 3]", "want one dtype"}},
		{0, []int{}, []int{}, tensor.Float32, []string{"axis 0", "rank 0"}},
	} {
		wantBuildError(t, func(s *graph.Scope) {
			ops.Concat(s, c.axis, graph.Placeholder(s, "a", tensor.Float32, c.a...), graph.Placeholder(s, "b", c.dtype, c.b...))
		}, "Concat", c.words...)
	}
	wantBuildError(t, func(s *graph.Scope) { ops.Concat(s, 0) }, "Concat", "nothing to join")
}
