package ops_test

import (
	"math"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/ops"
)

func TestHingeGolden(t *testing.T) {
	lossGolden(t, "Hinge", "", of(ops.Hinge, "logits"), "labels", "logits")
	meanGolden(t, "Hinge", of(ops.Hinge, "predictions"))
}

func TestHingeInfinities(t *testing.T) {
	inf := math.Inf(1)
	wantValues(t, eval(t, tensor.Float32, double(ops.Hinge), at([]int{4}, 0, 1, 0, 1), at([]int{4}, inf, inf, -inf, -inf)), []int{4}, inf, 0, 0, inf)
}
