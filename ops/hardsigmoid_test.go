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

func TestHardSigmoidGolden(t *testing.T) {
	checkGolden(t, "activations2", "HardSigmoid", func(s *graph.Scope, c golden.Case, in map[string]*gorgonia.Node) *gorgonia.Node {
		return ops.HardSigmoidWith(c.Param("slope"), c.Param("offset"))(s, in["x"])
	}, "x")
}

func TestHardSigmoidIsPyTorchs(t *testing.T) {
	wantValues(t, eval(t, tensor.Float64, single(ops.HardSigmoid), at([]int{5}, -4, -3, 0, 3, 4)), []int{5}, 0, 0, 0.5, 1, 1)
}

func TestHardSigmoidErrors(t *testing.T) {
	for _, p := range [][2]float64{{0, 0.5}, {-0.2, 0.5}, {math.NaN(), 0}, {0.2, math.Inf(1)}} {
		wantBuildError(t, func(s *graph.Scope) {
			ops.HardSigmoidWith(p[0], p[1])(s, graph.Placeholder(s, "x", tensor.Float32, -1, 3))
		}, "hard_sigmoid", "the slope is", "the offset")
	}
}
