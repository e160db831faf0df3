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

func TestELUGolden(t *testing.T) {
	checkGolden(t, "activations", "ELU", func(s *graph.Scope, c golden.Case, in map[string]*gorgonia.Node) *gorgonia.Node {
		return ops.ELU(s, in["x"], c.Param("alpha"))
	}, "x")
}

func TestELUErrors(t *testing.T) {
	for _, alpha := range []float64{0, -1, math.NaN()} {
		wantBuildError(t, func(s *graph.Scope) {
			ops.ELU(s, graph.Placeholder(s, "x", tensor.Float32, -1, 3), alpha)
		}, "elu", "alpha is", "want a positive number")
	}
}
