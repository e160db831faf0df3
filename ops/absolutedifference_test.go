package ops_test

import (
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

func TestAbsoluteDifferenceGolden(t *testing.T) {
	lossGolden(t, "AbsoluteDifference", "", of(ops.AbsoluteDifference, "predictions"), "labels", "predictions")
	meanGolden(t, "AbsoluteDifference", of(ops.AbsoluteDifference, "predictions"))
}

// At the corner the gradient is 0.
func TestAbsoluteDifferenceCorner(t *testing.T) {
	gradient := func(s *graph.Scope, xs gorgonia.Nodes) *gorgonia.Node {
		return graph.Gradients(s, gorgonia.Nodes{ops.AbsoluteDifference(s, xs[0], xs[1])}, xs[1:], nil)[0]
	}
	wantValues(t, eval(t, tensor.Float32, gradient, at([]int{3}, 1, 1, 1), at([]int{3}, 0, 1, 2)), []int{3}, -1, 0, 1)
}
