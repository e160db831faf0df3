package ops_test

import (
	"math"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/ops"
)

func TestAtan(t *testing.T) {
	checkUnaryIn(t, "math", "Atan", ops.Atan, 2, 0.1)
	inf, nan := math.Inf(1), math.NaN()
	wantValues(t, eval(t, tensor.Float32, single(ops.Atan), at([]int{4}, 0, inf, -inf, nan)), []int{4}, 0, float64(float32(math.Pi/2)), float64(float32(-math.Pi/2)), nan)
}
