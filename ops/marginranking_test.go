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

func rankingOf(margin float64) func(s *graph.Scope, xs gorgonia.Nodes) *gorgonia.Node {
	return func(s *graph.Scope, xs gorgonia.Nodes) *gorgonia.Node {
		return ops.MarginRanking(s, xs[0], xs[1], xs[2], margin)
	}
}

func TestMarginRankingGolden(t *testing.T) {
	lossGolden(t, "MarginRanking", "", func(s *graph.Scope, in named, c golden.Case) *gorgonia.Node {
		return ops.MarginRanking(s, in["labels"], in["a"], in["b"], c.Param("margin"))
	}, "labels", "a", "b")
}

func TestMarginRankingGradients(t *testing.T) {
	checkGradients(t, rankingOf(0.25), wave(1, 0.1, 3, 4), wave(2, 0.3, 3, 4), wave(1, -0.2, 3, 4))
}

func TestMarginRankingEdges(t *testing.T) {
	inf := math.Inf(1)
	wantValues(t, eval(t, tensor.Float32, rankingOf(0), at([]int{4}, 1, -1, 1, -1), at([]int{4}, inf, inf, 2, 2), at([]int{4}, 0, 0, 2, 5)), []int{4}, 0, inf, 0, 0)
	wantValues(t, eval(t, tensor.Float32, rankingOf(1), at([]int{0}), at([]int{0}), at([]int{0})), []int{0})
}

func TestMarginRankingErrors(t *testing.T) {
	wantBuildError(t, func(s *graph.Scope) {
		x := graph.Placeholder(s, "x", tensor.Float32, -1)
		ops.MarginRanking(s, x, x, graph.Placeholder(s, "b", tensor.Float32, -1, 1), 0)
	}, "MarginRanking", "labels, a and b", "equal shapes")
	wantBuildError(t, func(s *graph.Scope) {
		x := graph.Placeholder(s, "x", tensor.Float32, -1)
		ops.MarginRanking(s, x, x, x, math.NaN())
	}, "MarginRanking", "the margin is NaN")
}
