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

func TestSiLUGolden(t *testing.T) {
	checkGolden(t, "activations", "Swish", func(s *graph.Scope, c golden.Case, in map[string]*gorgonia.Node) *gorgonia.Node {
		return ops.SiLU(s, in["x"])
	}, "x")
}

func TestSwishGolden(t *testing.T) {
	checkGolden(t, "activations2", "SwishBeta", func(s *graph.Scope, c golden.Case, in map[string]*gorgonia.Node) *gorgonia.Node {
		return ops.Swish(s, in["x"], c.Param("beta"))
	}, "x")
}

func TestSwishErrors(t *testing.T) {
	for _, beta := range []float64{math.NaN(), math.Inf(1)} {
		wantBuildError(t, func(s *graph.Scope) {
			ops.Swish(s, graph.Placeholder(s, "x", tensor.Float32, -1, 3), beta)
		}, "swish", "beta is", "want a finite number", "float32[?, 3]")
	}
}
