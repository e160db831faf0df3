package ops_test

import (
	"math"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/ops"
)

func TestAsinh(t *testing.T) {
	checkUnaryIn(t, "math2", "Asinh", ops.Asinh, 2, 0.1)
	inf, nan := math.Inf(1), math.NaN()
	wantValues(t, eval(t, tensor.Float32, single(ops.Asinh), at([]int{4}, 0, inf, -inf, nan)), []int{4}, 0, inf, -inf, nan)
}

func TestAcosh(t *testing.T) {
	checkUnaryIn(t, "math2", "Acosh", ops.Acosh, 0.5, 2)
	inf, nan := math.Inf(1), math.NaN()
	wantValues(t, eval(t, tensor.Float32, single(ops.Acosh), at([]int{4}, 1, inf, 0.5, nan)), []int{4}, 0, inf, nan, nan)
}

func TestAtanh(t *testing.T) {
	checkUnaryIn(t, "math2", "Atanh", ops.Atanh, 0.7, 0.1)
	inf, nan := math.Inf(1), math.NaN()
	wantValues(t, eval(t, tensor.Float32, single(ops.Atanh), at([]int{5}, 0, 1, -1, 1.5, nan)), []int{5}, 0, inf, -inf, nan, nan)
}
