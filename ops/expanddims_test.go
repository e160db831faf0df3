package ops_test

import (
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

func TestExpandDims(t *testing.T) {
	for axis, want := range map[int][]int{0: {1, 2, 3}, 1: {2, 1, 3}, 2: {2, 3, 1}, -1: {2, 3, 1}, -3: {1, 2, 3}} {
		expand := func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.ExpandDims(s, x, axis) }
		for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Int64, tensor.Uint8} {
			wantValues(t, eval(t, dt, single(expand), at([]int{2, 3}, 1, 2, 3, 4, 5, 6)), want, 1, 2, 3, 4, 5, 6)
		}
		checkGradients(t, single(func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.Square(s, expand(s, x)) }), wave(1, 0.2, 2, 3))
	}
	wantValues(t, eval(t, tensor.Bool, single(func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.ExpandDims(s, x, 0) }), at(nil, 1)), []int{1}, 1)
	for _, axis := range []int{3, -4} {
		wantBuildError(t, func(s *graph.Scope) { ops.ExpandDims(s, graph.Placeholder(s, "x", tensor.Float32, -1, 3), axis) },
			"ExpandDims", "float32[?, 3]", "one axis more", "out of range for rank 3")
	}
}
