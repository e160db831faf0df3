package ops_test

import (
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/ops"
)

func TestSub(t *testing.T) {
	checkBinaryGolden(t, "Sub", ops.Sub)
	checkBroadcastGradients(t, ops.Sub)
	checkBroadcastValues(t, ops.Sub, func(a, b float64) float64 { return a - b })
	checkBinaryErrors(t, ops.Sub, "Sub")
}

func TestSubIntegers(t *testing.T) {
	for _, dt := range []tensor.Dtype{tensor.Int, tensor.Int32, tensor.Int64, tensor.Uint8} {
		got := eval(t, dt, double(ops.Sub), at([]int{2, 2}, 50, 49, 28, 27), at([]int{1}, 10))
		wantValues(t, got, []int{2, 2}, 40, 39, 18, 17)
	}
}
