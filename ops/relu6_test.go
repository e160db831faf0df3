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

func TestReLU6Golden(t *testing.T) {
	checkGolden(t, "activations", "ReLU6", func(s *graph.Scope, c golden.Case, in map[string]*gorgonia.Node) *gorgonia.Node {
		return ops.ReLU6(s, in["x"])
	}, "x")
}

func TestReLU6AtItsKinks(t *testing.T) {
	checkGolden(t, "activations2", "ReLU6", func(s *graph.Scope, c golden.Case, in map[string]*gorgonia.Node) *gorgonia.Node {
		return ops.ReLU6(s, in["x"])
	}, "x")
}

// What lies at or beyond a bound is the bound, the sign of zero included; NaN stays NaN.
func TestReLU6AtTheEdges(t *testing.T) {
	inf, zero := math.Inf(1), math.Copysign(0, -1)
	for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		y := eval(t, dtype, single(ops.ReLU6), at([]int{9}, -inf, -1, zero, 0, 5.5, 6, 7, inf, math.NaN()))
		wantValues(t, y, []int{9}, 0, 0, 0, 0, 5.5, 6, 6, 6, math.NaN())
		if math.Signbit(floats(y)[2]) {
			t.Errorf("%v: ReLU6(-0) is -0; want 0", dtype)
		}
	}
}
