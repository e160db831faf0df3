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

func contrastiveOf(margin float64) func(s *graph.Scope, xs gorgonia.Nodes) *gorgonia.Node {
	return func(s *graph.Scope, xs gorgonia.Nodes) *gorgonia.Node {
		return ops.ContrastiveLoss(s, xs[0], xs[1], xs[2], margin)
	}
}

func TestContrastiveLossGolden(t *testing.T) {
	lossGolden(t, "ContrastiveLoss", "", func(s *graph.Scope, in named, c golden.Case) *gorgonia.Node {
		return ops.ContrastiveLoss(s, in["labels"], in["a"], in["b"], c.Param("margin"))
	}, "labels", "a", "b")
}

func TestContrastiveLossGradients(t *testing.T) {
	checkGradients(t, contrastiveOf(2), wave(0.4, 0.5, 4), wave(1, 0.3, 4, 3), wave(1, -0.2, 4, 3))
}

// A pair at distance 0 has gradient 0, whatever its label.
func TestContrastiveLossSamePlace(t *testing.T) {
	labels, a := at([]int{2}, 0, 1), at([]int{2, 2}, 1, 2, 3, 4)
	wantValues(t, eval(t, tensor.Float32, contrastiveOf(3), labels, a, a), []int{2}, 9, 0)
	gradient := func(s *graph.Scope, xs gorgonia.Nodes) *gorgonia.Node {
		return graph.Gradients(s, gorgonia.Nodes{contrastiveOf(3)(s, xs)}, xs[1:2], nil)[0]
	}
	wantValues(t, eval(t, tensor.Float32, gradient, labels, a, a), []int{2, 2}, 0, 0, 0, 0)
}

func TestContrastiveLossErrors(t *testing.T) {
	for _, margin := range []float64{0, -1, math.NaN()} {
		wantBuildError(t, func(s *graph.Scope) {
			x := graph.Placeholder(s, "x", tensor.Float32, -1, 3)
			ops.ContrastiveLoss(s, graph.Placeholder(s, "y", tensor.Int64, -1), x, x, margin)
		}, "ContrastiveLoss", "the margin is", "positive number")
	}
	wantBuildError(t, func(s *graph.Scope) {
		x := graph.Placeholder(s, "x", tensor.Float32, -1, 3)
		ops.ContrastiveLoss(s, graph.Placeholder(s, "y", tensor.Float32, -1, 1), x, x, 1)
	}, "ContrastiveLoss", "labels and the distances of the pairs", "float32[?, 1]", "float32[?]")
}
