package ops_test

import (
	"math"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
)

func TestSign(t *testing.T) {
	checkGolden(t, "math", "Sign", func(s *graph.Scope, c golden.Case, in map[string]*gorgonia.Node) *gorgonia.Node {
		return ops.Sign(s, in["x"])
	}, "x")
	inf, nan := math.Inf(1), math.NaN()
	wantValues(t, eval(t, tensor.Float32, single(ops.Sign), at([]int{5}, -inf, nan, 0, inf, -1e-30)), []int{5}, -1, nan, 0, 1, -1)
	for _, dt := range []tensor.Dtype{tensor.Int, tensor.Int32, tensor.Int64} {
		wantValues(t, eval(t, dt, single(ops.Sign), at([]int{3}, 7, 0, -2)), []int{3}, 1, 0, -1)
	}
}
