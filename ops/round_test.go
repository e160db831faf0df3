package ops_test

import (
	"math"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/ops"
)

func TestRound(t *testing.T) {
	checkFlat(t, "math2", "Round", ops.Round)
	inf, nan := math.Inf(1), math.NaN()
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		wantValues(t, eval(t, dt, single(ops.Round), at([]int{2, 4}, 1.5, -1.5, 2.5, -0.5, inf, -inf, nan, 1<<30)), []int{2, 4}, 2, -2, 2, 0, inf, -inf, nan, 1<<30)
		wantValues(t, eval(t, dt, single(ops.Round), at([]int{0, 3})), []int{0, 3})
	}
}
