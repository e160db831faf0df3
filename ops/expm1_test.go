package ops_test

import (
	"math"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/ops"
)

func TestExpm1(t *testing.T) {
	checkUnaryIn(t, "math", "Expm1", ops.Expm1, 1, 0.2)
	inf, nan := math.Inf(1), math.NaN()
	wantValues(t, eval(t, tensor.Float32, single(ops.Expm1), at([]int{6}, 0, inf, -inf, nan, 1000, -1000)), []int{6}, 0, inf, -1, nan, inf, -1)
}
