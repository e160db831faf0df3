package ops_test

import (
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
)

func TestDiag(t *testing.T) {
	goldenSplit(t, "Diag", func(s *graph.Scope, c golden.Case, xs gorgonia.Nodes) *gorgonia.Node { return ops.Diag(s, xs[0]) })
	goldenSplit(t, "DiagPart", func(s *graph.Scope, c golden.Case, xs gorgonia.Nodes) *gorgonia.Node { return ops.DiagPart(s, xs[0]) })
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Int, tensor.Uint8, tensor.Bool} {
		wantValues(t, eval(t, dt, single(ops.Diag), at([]int{2}, 1, 1)), []int{2, 2}, 1, 0, 0, 1)
		wantValues(t, eval(t, dt, single(ops.Diag), at([]int{2, 1}, 1, 1)), []int{2, 1, 1}, 1, 1)
		wantValues(t, eval(t, dt, single(ops.Diag), at([]int{2, 0})), []int{2, 0, 0})
		wantValues(t, eval(t, dt, single(ops.DiagPart), at([]int{2, 3}, 1, 0, 0, 0, 1, 0)), []int{2}, 1, 1)
		wantValues(t, eval(t, dt, single(ops.DiagPart), at([]int{2, 0})), []int{0})
	}
	checkGradients(t, squared(ops.Diag), wave(1, 0.2, 2, 3))
	for _, shape := range [][]int{{2, 3, 3}, {2, 3}, {3, 2}, {1, 1}} {
		checkGradients(t, squared(ops.DiagPart), wave(1, 0.2, shape...))
	}
	wantBuildError(t, func(s *graph.Scope) { ops.Diag(s, graph.Placeholder(s, "x", tensor.Float32)) }, "MatrixDiag", "scalar")
	wantBuildError(t, func(s *graph.Scope) { ops.DiagPart(s, graph.Placeholder(s, "x", tensor.Float32, 3)) }, "MatrixDiagPart", "float32[3]", "[..., m, n]")
}
