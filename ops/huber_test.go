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

func TestHuberGolden(t *testing.T) {
	huber := func(s *graph.Scope, in named, c golden.Case) *gorgonia.Node {
		return ops.Huber(s, in["labels"], in["predictions"], c.Param("delta"))
	}
	lossGolden(t, "Huber", "", huber, "labels", "predictions")
	meanGolden(t, "Huber", huber)
}

// Far out it is linear: nothing is squared that would overflow.
func TestHuberFar(t *testing.T) {
	wantValues(t, eval(t, tensor.Float32, double(huberOf(2)), at([]int{4}, 0, 0, 0, 0), at([]int{4}, 0x1p120, -0x1p120, math.Inf(1), 2)),
		[]int{4}, 0x1p121, 0x1p121, math.Inf(1), 2)
}

func TestHuberErrors(t *testing.T) {
	for _, delta := range []float64{0, -1, math.NaN(), math.Inf(1)} {
		wantBuildError(t, func(s *graph.Scope) {
			x := graph.Placeholder(s, "x", tensor.Float32, -1)
			ops.Huber(s, x, x, delta)
		}, "Huber", "delta is", "want a positive number")
	}
}
