package ops_test

import (
	"math"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/ops"
)

func TestAcos(t *testing.T) {
	checkUnaryIn(t, "math2", "Acos", ops.Acos, 0.8, 0.05)
	inf, nan := math.Inf(1), math.NaN()
	wantValues(t, eval(t, tensor.Float32, single(ops.Acos), at([]int{5}, 1, 1.5, -1.5, inf, nan)), []int{5}, 0, nan, nan, nan, nan)
}
