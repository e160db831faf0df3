package ops_test

import (
	"math"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/ops"
)

func TestMinimum(t *testing.T) {
	checkBinaryGolden(t, "Minimum", ops.Minimum)
	checkBroadcastGradients(t, ops.Minimum)
	checkBroadcastValues(t, ops.Minimum, math.Min)
	checkBinaryErrors(t, ops.Minimum, "Minimum")
}

func TestMaximum(t *testing.T) {
	checkBinaryGolden(t, "Maximum", ops.Maximum)
	checkBroadcastGradients(t, ops.Maximum)
	checkBroadcastValues(t, ops.Maximum, math.Max)
	checkBinaryErrors(t, ops.Maximum, "Maximum")
}

func TestMinimumMaximumSpecialValues(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	a, b := at([]int{4}, nan, 1, inf, -inf), at([]int{4}, 1, nan, 0, 0)
	wantValues(t, eval(t, tensor.Float32, double(ops.Minimum), a, b), []int{4}, nan, nan, 0, -inf)
	wantValues(t, eval(t, tensor.Float32, double(ops.Maximum), a, b), []int{4}, nan, nan, inf, 0)
	for _, dt := range []tensor.Dtype{tensor.Int, tensor.Int32, tensor.Int64, tensor.Uint8} {
		a, b := at([]int{2, 1}, 3, 5), at([]int{2}, 4, 4)
		wantValues(t, eval(t, dt, double(ops.Minimum), a, b), []int{2, 2}, 3, 3, 4, 4)
		wantValues(t, eval(t, dt, double(ops.Maximum), a, b), []int{2, 2}, 4, 4, 5, 5)
	}
}
