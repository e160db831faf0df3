package ops_test

import (
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/ops"
)

func TestSquaredDifference(t *testing.T) {
	checkBinaryGolden(t, "SquaredDifference", ops.SquaredDifference)
	checkBroadcastGradients(t, ops.SquaredDifference)
	checkBroadcastValues(t, ops.SquaredDifference, func(a, b float64) float64 { return (a - b) * (a - b) })
	checkBinaryErrors(t, ops.SquaredDifference, "SquaredDifference")
	for _, dt := range []tensor.Dtype{tensor.Int, tensor.Int32, tensor.Int64, tensor.Uint8} {
		wantValues(t, eval(t, dt, double(ops.SquaredDifference), at([]int{2, 1}, 3, 9), at([]int{2}, 5, 4)), []int{2, 2}, 4, 1, 16, 25)
	}
}
