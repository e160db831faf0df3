package ops_test

import (
	"math"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/ops"
)

func TestErf(t *testing.T) {
	checkUnary(t, "Erf", ops.Erf, 1.5, 0.1)
	inf, nan := math.Inf(1), math.NaN()
	wantValues(t, eval(t, tensor.Float32, single(ops.Erf), at([]int{4}, 0, inf, -inf, nan)), []int{4}, 0, 1, -1, nan)
}

func TestErfc(t *testing.T) {
	checkUnaryIn(t, "math2", "Erfc", ops.Erfc, 1.5, 0.1)
	inf, nan := math.Inf(1), math.NaN()
	wantValues(t, eval(t, tensor.Float32, single(ops.Erfc), at([]int{4}, 0, inf, -inf, nan)), []int{4}, 1, 0, 2, nan)
}
