package ops_test

import (
	"math"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/ops"
)

func TestRsqrt(t *testing.T) {
	checkUnaryIn(t, "math", "Rsqrt", ops.Rsqrt, 0.5, 1.2)
	inf, nan := math.Inf(1), math.NaN()
	wantValues(t, eval(t, tensor.Float32, single(ops.Rsqrt), at([]int{5}, 0, inf, -1, nan, 4)), []int{5}, inf, 0, nan, nan, 0.5)
}
