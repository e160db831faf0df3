package ops_test

import (
	"math"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/ops"
)

func TestMod(t *testing.T) {
	checkBinaryGoldenIn(t, "math2", "FloorMod", ops.Mod)
	checkBroadcastGradients(t, ops.Mod)
	checkBinaryErrors(t, ops.Mod, "FloorMod")
	inf, nan := math.Inf(1), math.NaN()
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		got := eval(t, dt, double(ops.Mod), at([]int{9}, 7, -7, 7, -7, 1, inf, nan, 5, -6), at([]int{9}, 3, 3, -3, -3, 0, 2, 1, inf, 3))
		wantValues(t, got, []int{9}, 1, 2, -2, -1, nan, nan, nan, 5, 0)
	}
	for _, dt := range signedInts {
		wantValues(t, eval(t, dt, double(ops.Mod), at([]int{5}, 7, -7, 7, -7, -6), at([]int{5}, 3, 3, -3, -3, 3)), []int{5}, 1, 2, -2, -1, 0)
	}
	wantValues(t, eval(t, tensor.Uint8, double(ops.Mod), at([]int{2}, 250, 3), at([]int{1}, 100)), []int{2}, 50, 3)
	wantValues(t, eval(t, tensor.Int64, double(ops.Mod), at([]int{1}, math.MinInt64), at([]int{1}, -1)), []int{1}, 0)
	wantNoDivisionByZero(t, ops.Mod, "FloorMod")
}
