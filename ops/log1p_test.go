package ops_test

import (
	"math"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/ops"
)

func TestLog1p(t *testing.T) {
	checkUnaryIn(t, "math", "Log1p", ops.Log1p, 0.5, 0.8)
	inf, nan := math.Inf(1), math.NaN()
	wantValues(t, eval(t, tensor.Float32, single(ops.Log1p), at([]int{5}, 0, inf, -1, nan, -2)), []int{5}, 0, inf, -inf, nan, nan)
}
