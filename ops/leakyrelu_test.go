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

func TestLeakyReLUGolden(t *testing.T) {
	checkGolden(t, "activations", "LeakyReLU", func(s *graph.Scope, c golden.Case, in map[string]*gorgonia.Node) *gorgonia.Node {
		return ops.LeakyReLU(s, in["x"], c.Param("alpha"))
	}, "x")
}

func TestLeakyReLUErrors(t *testing.T) {
	for _, alpha := range []float64{math.NaN(), math.Inf(1)} {
		wantBuildError(t, func(s *graph.Scope) {
			ops.LeakyReLU(s, graph.Placeholder(s, "x", tensor.Float32, -1, 3), alpha)
		}, "leaky_relu", "alpha is", "want a number")
	}
}
