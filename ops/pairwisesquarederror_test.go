package ops_test

import (
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

func TestPairwiseSquaredErrorGolden(t *testing.T) {
	lossGolden(t, "PairwiseSquaredError", "", of(ops.PairwiseSquaredError, "predictions"), "labels", "predictions")
}

func TestPairwiseSquaredErrorGradients(t *testing.T) {
	checkGradients(t, double(ops.PairwiseSquaredError), wave(1, 0.3, 3, 4), wave(2, -0.2, 3, 4))
	checkGradients(t, double(ops.PairwiseSquaredError), wave(1, 0.3, 2, 3, 2), wave(2, -0.2, 2, 3, 2))
	checkGradients(t, double(ops.PairwiseSquaredError), wave(1, 0.3, 3, 1), wave(2, -0.2, 3, 1))
}

// A constant added to an example costs nothing, even a large one; one element has
// no pairs.
func TestPairwiseSquaredErrorEdges(t *testing.T) {
	loss := double(ops.PairwiseSquaredError)
	wantValues(t, eval(t, tensor.Float32, loss, at([]int{2, 2}, 1, 2, 1, 2), at([]int{2, 2}, 4097, 4098, 1, 4)), []int{2}, 0, 4)
	wantValues(t, eval(t, tensor.Float32, loss, at([]int{2, 1}, 1, 2), at([]int{2, 1}, 5, 8)), []int{2}, 0, 0)
	wantValues(t, eval(t, tensor.Float32, loss, at([]int{2, 0}), at([]int{2, 0})), []int{2}, 0, 0)
	wantValues(t, eval(t, tensor.Float32, loss, at([]int{0, 2}), at([]int{0, 2})), []int{0})
}

func TestPairwiseSquaredErrorErrors(t *testing.T) {
	wantBuildError(t, func(s *graph.Scope) {
		x := graph.Placeholder(s, "x", tensor.Float32, -1)
		ops.PairwiseSquaredError(s, x, x)
	}, "PairwiseSquaredError", "float32[?]", "want [batch, ...]")
}
