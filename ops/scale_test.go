package ops_test

import (
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

func TestScale(t *testing.T) {
	op := func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.Scale(s, x, -2.5) }
	checkUnaryGradients(t, op, 1, 0.2)
	wantValues(t, eval(t, tensor.Float32, single(op), at([]int{3}, 1, 0, -2)), []int{3}, -2.5, 0, 5)
	wantBuildError(t, func(s *graph.Scope) { op(s, graph.Placeholder(s, "x", tensor.Int, 2)) }, "Scale", "int[2]")
}

func TestAddScalar(t *testing.T) {
	op := func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.AddScalar(s, ops.Square(s, x), -2.5) }
	checkUnaryGradients(t, op, 1, 0.2)
	wantValues(t, eval(t, tensor.Float32, single(op), at([]int{3}, 1, 0, -2)), []int{3}, -1.5, -2.5, 1.5)
	wantBuildError(t, func(s *graph.Scope) { ops.AddScalar(s, graph.Placeholder(s, "x", tensor.Int, 2), 1) }, "AddScalar", "int[2]")
}
