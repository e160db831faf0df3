package pairs

import (
	"math"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

// RankingLoss wants what is good to score above what is not by a margin, for each example: with f the scores [batch, 1+n], of which the
// first is that of the good one and the others those of n corruptions of it,
//
//	mean over k = 1 to n of max(0, margin - f[0] + f[k])
//
// float32 or float64, [batch, 1+n] with n known, or [batch, 1+n, 1] as Each gives it, -> [batch]. margin is positive; 1 is usual. It
// is the ranking criterion of Collobert and Weston, "A unified architecture for natural language processing" (2008), whose sum over all words that
// could stand there n drawn corruptions estimate. corrupt.Ranked of package transfer/corrupt draws them. ops.MarginRanking is the same for
// two scores of one shape.
//
// The gradients are those of the formula, 0 where a corruption is behind by the margin.
func RankingLoss(s *graph.Scope, scores *gorgonia.Node, margin float64) *gorgonia.Node {
	const name = "RankingLoss"
	if !(margin > 0) || math.IsInf(margin, 0) {
		return s.Fail(name, gorgonia.Nodes{scores}, lossSpec(scores), errors.Errorf("the margin is %v; want a positive number (1 is usual)", margin))
	}
	return s.Compose(func(s *graph.Scope) *gorgonia.Node {
		s = s.NameScope(name)
		good, others := ranked(s, name, scores)
		return ops.Mean(s, ops.ReLU(s, ops.AddScalar(s, ops.Sub(s, others, good), margin)), 1)
	})
}

// RankingAccuracy is the share of corruptions that score below the good one they were made of, a scalar; a tie is not below. The scores are
// those of RankingLoss.
func RankingAccuracy(s *graph.Scope, scores *gorgonia.Node) *gorgonia.Node {
	const name = "RankingAccuracy"
	return s.Compose(func(s *graph.Scope) *gorgonia.Node {
		s = s.NameScope(name)
		good, others := ranked(s, name, scores)
		return ops.Mean(s, ops.Cast(s, ops.Less(s, others, good), others.Dtype()))
	})
}

// ranked takes scores apart: that of the good one [batch, 1], and the others [batch, n].
func ranked(s *graph.Scope, name string, scores *gorgonia.Node) (good, others *gorgonia.Node) {
	sp := graph.SpecOf(scores)
	if sp.Rank() == 3 && sp.Shape[2] == 1 {
		scores = ops.Squeeze(s, scores, 2)
		sp = graph.SpecOf(scores)
	}
	switch {
	case scores == nil:
		bad := s.Fail(name, nil, lossSpec(nil), errors.New("the scores are nil"))
		return bad, bad
	case !graph.IsBad(scores) && (!sp.IsFloat() || sp.Rank() != 2 || sp.Shape[1] < 2):
		bad := s.Fail(name, gorgonia.Nodes{scores}, lossSpec(scores), errors.Errorf("the scores are %v; want float32 or float64 [batch, 1+n], "+
			"the good one first, with n known and 1 or more", sp))
		return bad, bad
	}
	return ops.Slice(s, scores, []int{0, 0}, []int{-1, 1}), ops.Slice(s, scores, []int{0, 1}, []int{-1, -1})
}

// lossSpec is what a loss of scores would be.
func lossSpec(scores *gorgonia.Node) graph.Spec {
	sp := graph.Spec{Dtype: tensor.Float32, Shape: tensor.Shape{graph.Unknown, graph.Unknown}}
	if scores != nil && graph.SpecOf(scores).IsFloat() {
		sp.Dtype = graph.SpecOf(scores).Dtype
	}
	return sp
}
