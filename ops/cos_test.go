package ops_test

import (
	"math"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/ops"
)

func TestCos(t *testing.T) {
	checkUnaryIn(t, "math", "Cos", ops.Cos, 2, 0.1)
	inf, nan := math.Inf(1), math.NaN()
	wantValues(t, eval(t, tensor.Float32, single(ops.Cos), at([]int{4}, 0, inf, -inf, nan)), []int{4}, 1, nan, nan, nan)
}
