package ops_test

import (
	"math"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/ops"
)

func TestFloor(t *testing.T) {
	checkFlat(t, "math", "Floor", ops.Floor)
	inf, nan := math.Inf(1), math.NaN()
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		wantValues(t, eval(t, dt, single(ops.Floor), at([]int{2, 4}, 1.5, -1.5, 2.5, -0.5, inf, -inf, nan, 1<<30)), []int{2, 4}, 1, -2, 2, -1, inf, -inf, nan, 1<<30)
		wantValues(t, eval(t, dt, single(ops.Floor), at([]int{0, 3})), []int{0, 3})
	}
}
