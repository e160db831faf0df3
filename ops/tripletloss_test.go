package ops_test

import (
	"math"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
)

func tripletOf(margin float64) func(s *graph.Scope, xs gorgonia.Nodes) *gorgonia.Node {
	return func(s *graph.Scope, xs gorgonia.Nodes) *gorgonia.Node {
		return ops.TripletLoss(s, xs[0], xs[1], xs[2], margin)
	}
}

func TestTripletLossGolden(t *testing.T) {
	lossGolden(t, "TripletLoss", "", func(s *graph.Scope, in named, c golden.Case) *gorgonia.Node {
		return ops.TripletLoss(s, in["anchor"], in["positive"], in["negative"], c.Param("margin"))
	}, "anchor", "positive", "negative")
}

func TestTripletLossGradients(t *testing.T) {
	checkGradients(t, tripletOf(0.75), wave(1, 0.3, 4, 3), wave(1.5, -0.2, 4, 3), wave(1, 0.1, 4, 3))
}

// Collapsed embeddings give the margin and no gradient.
func TestTripletLossCollapsed(t *testing.T) {
	x := at([]int{2, 2}, 1, 2, 1, 2)
	wantValues(t, eval(t, tensor.Float32, tripletOf(0.5), x, x, x), []int{2}, 0.5, 0.5)
	gradient := func(s *graph.Scope, xs gorgonia.Nodes) *gorgonia.Node {
		return graph.Gradients(s, gorgonia.Nodes{tripletOf(0.5)(s, xs)}, xs[:1], nil)[0]
	}
	wantValues(t, eval(t, tensor.Float32, gradient, x, x, x), []int{2, 2}, 0, 0, 0, 0)
}

func TestTripletLossErrors(t *testing.T) {
	wantBuildError(t, func(s *graph.Scope) {
		x := graph.Placeholder(s, "x", tensor.Float32, -1, 3)
		ops.TripletLoss(s, x, x, graph.Placeholder(s, "n", tensor.Float32, -1, 4), 1)
	}, "TripletLoss/EuclideanDistance", "float32[?, 3]", "float32[?, 4]", "equal shapes")
	wantBuildError(t, func(s *graph.Scope) {
		x := graph.Placeholder(s, "x", tensor.Float32, -1, 3)
		ops.TripletLoss(s, x, x, x, math.Inf(1))
	}, "TripletLoss", "the margin is +Inf")
}
