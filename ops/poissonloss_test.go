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

func TestPoissonLossGolden(t *testing.T) {
	lossGolden(t, "PoissonLoss", "", func(s *graph.Scope, in named, c golden.Case) *gorgonia.Node {
		return ops.PoissonLoss(s, in["labels"], in["predictions"], ops.PoissonLossConfig{Rates: c.Param("rates") == 1, Full: c.Param("full") == 1})
	}, "labels", "predictions")
}

// A count of 0 at a rate of 0 costs nothing.
func TestPoissonLossZero(t *testing.T) {
	inf := math.Inf(1)
	wantValues(t, eval(t, tensor.Float32, double(poissonOf(ops.PoissonLossConfig{})), at([]int{2}, 0, 1), at([]int{2}, -inf, -inf)), []int{2}, 0, inf)
	wantValues(t, eval(t, tensor.Float32, double(poissonOf(ops.PoissonLossConfig{Rates: true, Epsilon: graph.Zero})), at([]int{2}, 0, 1), at([]int{2}, 0, 0)), []int{2}, 0, inf)
}
