package ops_test

import (
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
)

func repeatBy(n, axis int) unaryOp {
	return func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.Repeat(s, x, n, axis) }
}

func TestRepeat(t *testing.T) {
	goldenSplit(t, "Repeat", func(s *graph.Scope, c golden.Case, xs gorgonia.Nodes) *gorgonia.Node {
		return ops.Repeat(s, xs[0], int(c.Param("n")), c.Axes[0])
	})
	x := at([]int{2, 2}, 1, 0, 0, 1)
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64, tensor.Int, tensor.Uint8, tensor.Bool} {
		wantValues(t, eval(t, dt, single(repeatBy(2, -1)), x), []int{2, 4}, 1, 1, 0, 0, 0, 0, 1, 1)
		wantValues(t, eval(t, dt, single(repeatBy(2, 0)), x), []int{4, 2}, 1, 0, 1, 0, 0, 1, 0, 1)
		wantValues(t, eval(t, dt, single(repeatBy(0, 0)), x), []int{0, 2})
	}
	for axis := range 3 {
		checkGradients(t, squared(repeatBy(2, axis)), wave(1, 0.2, 2, 1, 3))
	}
	wantBuildError(t, func(s *graph.Scope) { ops.Repeat(s, graph.Placeholder(s, "x", tensor.Float32, 2), -1, 0) }, "Repeat", "-1")
	wantBuildError(t, func(s *graph.Scope) { ops.Repeat(s, graph.Placeholder(s, "x", tensor.Float32, 2), 2, 1) }, "Repeat", "axis 1 is out of range")
}
