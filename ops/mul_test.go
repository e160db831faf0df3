package ops_test

import (
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/ops"
)

func TestMul(t *testing.T) {
	checkBinaryGolden(t, "Mul", ops.Mul)
	checkBroadcastGradients(t, ops.Mul)
	checkBroadcastValues(t, ops.Mul, func(a, b float64) float64 { return a * b })
	checkBinaryErrors(t, ops.Mul, "Mul")
}

func TestMulIntegers(t *testing.T) {
	for _, dt := range []tensor.Dtype{tensor.Int, tensor.Int32, tensor.Int64, tensor.Uint8} {
		got := eval(t, dt, double(ops.Mul), at([]int{2, 2}, 1, 2, 3, 4), at([]int{2}, 10, 20))
		wantValues(t, got, []int{2, 2}, 10, 40, 30, 80)
	}
}
