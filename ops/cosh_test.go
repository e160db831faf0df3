package ops_test

import (
	"math"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/ops"
)

func TestCosh(t *testing.T) {
	checkUnaryIn(t, "math2", "Cosh", ops.Cosh, 2, 0.1)
	inf, nan := math.Inf(1), math.NaN()
	wantValues(t, eval(t, tensor.Float32, single(ops.Cosh), at([]int{6}, 0, inf, -inf, nan, 1000, -1000)), []int{6}, 1, inf, inf, nan, inf, inf)
}
