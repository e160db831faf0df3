package ops_test

import (
	"math"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/ops"
)

func TestAbs(t *testing.T) {
	checkUnary(t, "Abs", ops.Abs, 1, 0.2)
	inf, nan := math.Inf(1), math.NaN()
	wantValues(t, eval(t, tensor.Float32, single(ops.Abs), at([]int{4}, -inf, nan, -0.5, 0)), []int{4}, inf, nan, 0.5, 0)
	for _, dt := range []tensor.Dtype{tensor.Int, tensor.Int32, tensor.Int64} {
		wantValues(t, eval(t, dt, single(ops.Abs), at([]int{3}, 1, 0, -2)), []int{3}, 1, 0, 2)
	}
}
