package ops_test

import (
	"math"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

func TestTruncatedNormalDistribution(t *testing.T) {
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		g := graph.New(graph.Config{Seed: 1})
		x := floats(run(t, g, nil, ops.TruncatedNormal(g.Scope(), 3, 2, ops.RandomConfig{Dtype: dt}, 50000)).Tensor(0))
		follows(t, x, func(x float64) float64 {
			z := (x - 3) / 2
			return (math.Erf(z/math.Sqrt2)/math.Erf(math.Sqrt2) + 1) / 2
		})
	}
}

func TestTruncatedNormalErrors(t *testing.T) {
	wantBuildError(t, func(s *graph.Scope) { ops.TruncatedNormal(s, 0, -1, ops.RandomConfig{}, 2) }, "TruncatedNormal", "stddev -1")
	wantBuildError(t, func(s *graph.Scope) { ops.TruncatedNormal(s, math.NaN(), 1, ops.RandomConfig{}, 2) }, "TruncatedNormal", "finite")
	wantBuildError(t, func(s *graph.Scope) { ops.TruncatedNormal(s, 0, 1, ops.RandomConfig{}, 2, -1) }, "TruncatedNormal", "axis 1")
	g := graph.New(graph.Config{})
	wantValues(t, run(t, g, nil, ops.TruncatedNormal(g.Scope(), 4, 0, ops.RandomConfig{}, 2)).Tensor(0), []int{2}, 4, 4)
}
