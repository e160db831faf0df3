package ops_test

import (
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/ops"
)

func TestAdd(t *testing.T) {
	checkBinaryGolden(t, "Add", ops.Add)
	checkBroadcastGradients(t, ops.Add)
	checkBroadcastValues(t, ops.Add, func(a, b float64) float64 { return a + b })
	checkBinaryErrors(t, ops.Add, "Add")
}

func TestAddIntegers(t *testing.T) {
	for _, dt := range []tensor.Dtype{tensor.Int, tensor.Int32, tensor.Int64, tensor.Uint8} {
		got := eval(t, dt, double(ops.Add), at([]int{2, 2}, 1, 2, 3, 4), at([]int{2}, 10, 20))
		wantValues(t, got, []int{2, 2}, 11, 22, 13, 24)
		if got.Dtype() != dt {
			t.Errorf("got %v; want %v", got.Dtype(), dt)
		}
	}
}
