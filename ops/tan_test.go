package ops_test

import (
	"math"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/ops"
)

func TestTan(t *testing.T) {
	checkUnaryIn(t, "math2", "Tan", ops.Tan, 1, 0.1)
	inf, nan := math.Inf(1), math.NaN()
	wantValues(t, eval(t, tensor.Float32, single(ops.Tan), at([]int{4}, 0, inf, -inf, nan)), []int{4}, 0, nan, nan, nan)
}
