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

func TestHardTanhGolden(t *testing.T) {
	checkGolden(t, "activations2", "HardTanh", func(s *graph.Scope, c golden.Case, in map[string]*gorgonia.Node) *gorgonia.Node {
		return ops.HardTanh(s, in["x"], c.Param("lo"), c.Param("hi"))
	}, "x")
}

func TestHardTanhErrors(t *testing.T) {
	for _, b := range [][2]float64{{1, 1}, {1, -1}, {math.NaN(), 1}, {-1, math.Inf(1)}} {
		wantBuildError(t, func(s *graph.Scope) {
			ops.HardTanh(s, graph.Placeholder(s, "x", tensor.Float32, -1, 3), b[0], b[1])
		}, "hard_tanh", "want lo < hi")
	}
}
