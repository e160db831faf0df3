package ops_test

import (
	"math"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/ops"
)

func TestCumprod(t *testing.T) {
	checkCumulative(t, "Cumprod", ops.Cumprod, 1, func(total, v float64) float64 {
		if total*v == 0 {
			return 0 // not -0, which an integer has not
		}
		return total * v
	})
	inf, nan := math.Inf(1), math.NaN()
	op := single(cumulative(ops.Cumprod, 0, false, false))
	wantValues(t, eval(t, tensor.Float32, op, at([]int{4}, 2, inf, -1, 0)), []int{4}, 2, inf, -inf, nan)
	wantValues(t, eval(t, tensor.Uint8, op, at([]int{3}, 100, 3, 0)), []int{3}, 100, 44, 0) // wraps around
}

// The gradient is exact where elements are 0, and so is the second one.
func TestCumprodGradientAtZeros(t *testing.T) {
	for form := range 4 {
		for _, x := range []values{at([]int{5}, 2, 0, 3, -1, 4), at([]int{5}, 0, 2, 0, 3, 0), at([]int{3, 2}, 0, 0, 0, 2, 1, 0)} {
			checkGradients(t, single(cumulative(ops.Cumprod, 0, form&1 != 0, form&2 != 0)), x)
		}
	}
}
