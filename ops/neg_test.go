package ops_test

import (
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

func TestNeg(t *testing.T) {
	checkUnary(t, "Neg", ops.Neg, 1, 0.2)
	for _, dt := range []tensor.Dtype{tensor.Int, tensor.Int32, tensor.Int64} {
		wantValues(t, eval(t, dt, single(ops.Neg), at([]int{3}, 1, 0, -2)), []int{3}, -1, 0, 2)
	}
	wantBuildError(t, func(s *graph.Scope) {
		ops.Neg(s, graph.Placeholder(s, "x", tensor.Uint8, 2))
	}, "Neg", "uint8[2]")
}
