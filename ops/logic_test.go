package ops_test

import (
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

func TestLogic(t *testing.T) {
	a, b := at([]int{4}, 1, 1, 0, 0), at([]int{4}, 1, 0, 1, 0)
	wantValues(t, eval(t, tensor.Bool, double(ops.LogicalAnd), a, b), []int{4}, 1, 0, 0, 0)
	wantValues(t, eval(t, tensor.Bool, double(ops.LogicalOr), a, b), []int{4}, 1, 1, 1, 0)
	wantValues(t, eval(t, tensor.Bool, double(ops.LogicalXor), a, b), []int{4}, 0, 1, 1, 0)
	wantValues(t, eval(t, tensor.Bool, single(ops.LogicalNot), a), []int{4}, 0, 0, 1, 1)
	column, one := at([]int{2, 1}, 1, 0), at(nil, 1)
	wantValues(t, eval(t, tensor.Bool, double(ops.LogicalAnd), column, b), []int{2, 4}, 1, 0, 1, 0, 0, 0, 0, 0)
	wantValues(t, eval(t, tensor.Bool, double(ops.LogicalOr), column, b), []int{2, 4}, 1, 1, 1, 1, 1, 0, 1, 0)
	wantValues(t, eval(t, tensor.Bool, double(ops.LogicalAnd), one, b), []int{4}, 1, 0, 1, 0)
	wantValues(t, eval(t, tensor.Bool, double(ops.LogicalOr), b, one), []int{4}, 1, 1, 1, 1)
}

func TestLogicErrors(t *testing.T) {
	for name, op := range map[string]func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node{
		"LogicalAnd": func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.LogicalAnd(s, x, x) },
		"LogicalOr":  func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.LogicalOr(s, x, x) },
		"LogicalXor": func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.LogicalXor(s, x, x) },
		"LogicalNot": ops.LogicalNot,
	} {
		wantBuildError(t, func(s *graph.Scope) {
			op(s, graph.Placeholder(s, "x", tensor.Float32, 2))
		}, name, "float32[2]", "want bool")
	}
}
