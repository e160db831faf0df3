package ops_test

import (
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/ops"
)

func TestSquare(t *testing.T) {
	checkUnary(t, "Square", ops.Square, 1, 0.2)
	for _, dt := range []tensor.Dtype{tensor.Int, tensor.Int32, tensor.Int64, tensor.Uint8} {
		wantValues(t, eval(t, dt, single(ops.Square), at([]int{3}, 3, 0, 12)), []int{3}, 9, 0, 144)
	}
}
