package ops_test

import (
	"math"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/ops"
)

func TestCategoricalHingeGolden(t *testing.T) {
	lossGolden(t, "CategoricalHinge", "", of(ops.CategoricalHinge, "logits"), "labels", "logits")
}

func TestCategoricalHingeGradients(t *testing.T) {
	checkGradients(t, double(ops.CategoricalHinge), wave(0.4, 0.5, 2, 3, 4), wave(2, 0.3, 2, 3, 4))
}

func TestCategoricalHingeEdges(t *testing.T) {
	loss := double(ops.CategoricalHinge)
	wantValues(t, eval(t, tensor.Float32, loss, at([]int{2, 3}, 1, 0, 0, 0, 1, 0), at([]int{2, 3}, 0.5, math.Inf(-1), 0.25, 3, math.NaN(), 1)), []int{2}, 0.75, math.NaN())
	wantValues(t, eval(t, tensor.Float32, loss, at([]int{2, 1}, 1, 1), at([]int{2, 1}, 0.5, 2)), []int{2}, 0.5, 0)
	wantValues(t, eval(t, tensor.Float32, loss, at([]int{0, 3}), at([]int{0, 3})), []int{0})
}
