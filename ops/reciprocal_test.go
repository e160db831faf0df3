package ops_test

import (
	"math"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/ops"
)

func TestReciprocal(t *testing.T) {
	checkUnaryIn(t, "math", "Reciprocal", ops.Reciprocal, 0.5, 1.2)
	inf, nan := math.Inf(1), math.NaN()
	wantValues(t, eval(t, tensor.Float32, single(ops.Reciprocal), at([]int{5}, 0, math.Copysign(0, -1), inf, nan, 4)), []int{5}, inf, -inf, 0, nan, 0.25)
}
