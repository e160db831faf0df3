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

func TestCELUGolden(t *testing.T) {
	checkGolden(t, "activations2", "CELU", func(s *graph.Scope, c golden.Case, in map[string]*gorgonia.Node) *gorgonia.Node {
		return ops.CELU(s, in["x"], c.Param("alpha"))
	}, "x")
}

func TestCELUErrors(t *testing.T) {
	for _, alpha := range []float64{0, -1, math.NaN(), math.Inf(1)} {
		wantBuildError(t, func(s *graph.Scope) {
			ops.CELU(s, graph.Placeholder(s, "x", tensor.Float32, -1, 3), alpha)
		}, "celu", "alpha is", "want a positive number")
	}
}
