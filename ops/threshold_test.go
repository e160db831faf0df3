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

func TestThresholdGolden(t *testing.T) {
	checkGolden(t, "activations2", "Threshold", func(s *graph.Scope, c golden.Case, in map[string]*gorgonia.Node) *gorgonia.Node {
		return ops.Threshold(s, in["x"], c.Param("threshold"), c.Param("value"))
	}, "x")
}

func TestThresholdErrors(t *testing.T) {
	wantBuildError(t, func(s *graph.Scope) {
		ops.Threshold(s, graph.Placeholder(s, "x", tensor.Float32, -1, 3), math.NaN(), 0)
	}, "threshold", "the threshold is NaN")
}
