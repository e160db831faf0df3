package ops_test

import (
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
)

func TestOuter(t *testing.T) {
	goldenSplit(t, "Outer", func(s *graph.Scope, c golden.Case, xs gorgonia.Nodes) *gorgonia.Node {
		return ops.Outer(s, xs[0], xs[1])
	})
	checkGradients(t, double(ops.Outer), wave(1, 0.2, 2), wave(0.7, -0.1, 3))
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Int, tensor.Uint8} {
		wantValues(t, eval(t, dt, double(ops.Outer), at([]int{2}, 2, 3), at([]int{2}, 5, 7)), []int{2, 2}, 10, 14, 15, 21)
		wantValues(t, eval(t, dt, double(ops.Outer), at([]int{2}, 2, 3), at([]int{0})), []int{2, 0})
	}
	wantBuildError(t, func(s *graph.Scope) {
		ops.Outer(s, graph.Placeholder(s, "a", tensor.Float32, 3), graph.Placeholder(s, "b", tensor.Float32, 3, 1))
	}, "Outer", "float32[3, 1]", "two vectors")
}
