package ops_test

import (
	"math"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/ops"
)

func TestSin(t *testing.T) {
	checkUnaryIn(t, "math", "Sin", ops.Sin, 2, 0.1)
	inf, nan := math.Inf(1), math.NaN()
	wantValues(t, eval(t, tensor.Float32, single(ops.Sin), at([]int{4}, 0, inf, -inf, nan)), []int{4}, 0, nan, nan, nan)
}
