package pairs_test

import (
	"math"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/transfer/pairs"
)

// By hand: of the first row (2 + .5) - 1 = 1.5 and 1 - 1 + .25 = .25, of which the mean is .875; of the second 0 and 1 (a tie).
func TestRanking(t *testing.T) {
	scores := []float64{1, 2.5 - 1, 0.25, 3, -1, 3}
	for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		for _, shape := range [][]int{{-1, 3}, {-1, 3, 1}} {
			g := graph.New(graph.Config{Dtype: dtype})
			s := g.Scope()
			x := graph.Placeholder(s, "scores", dtype, shape...)
			loss, accuracy := pairs.RankingLoss(s, x, 1), pairs.RankingAccuracy(s, x)
			fed := append([]int{2}, shape[1:]...)
			var value interface{} = tensor.New(tensor.WithShape(fed...), tensor.WithBacking(append([]float64(nil), scores...)))
			if dtype == tensor.Float32 {
				narrow := make([]float32, len(scores))
				for i, v := range scores {
					narrow[i] = float32(v)
				}
				value = tensor.New(tensor.WithShape(fed...), tensor.WithBacking(narrow))
			}
			out, err := session(t, g).Run(graph.Feeds{x: value}, loss, accuracy)
			if err != nil {
				t.Fatal(err)
			}
			for i, want := range []float64{0.875, 0.5} {
				got, _ := out.Tensor(0).At(i)
				v, ok := got.(float64)
				if !ok {
					v = float64(got.(float32))
				}
				if v != want {
					t.Errorf("%v: loss %d is %v; want %v", dtype, i, v, want)
				}
			}
			if v := out.Float(1); v != 0.5 {
				t.Errorf("%v: the accuracy is %v; want .5", dtype, v)
			}
		}
	}
}

func TestRankingGradients(t *testing.T) {
	g := graph.New(graph.Config{Dtype: tensor.Float64})
	s := g.Scope()
	x := graph.Placeholder(s, "scores", tensor.Float64, -1, 4)
	v := make([]float64, 12)
	for i := range v {
		v[i] = math.Sin(3 * float64(i))
	}
	feeds := graph.Feeds{x: tensor.New(tensor.WithShape(3, 4), tensor.WithBacking(v))}
	if err := graph.CheckGradients(g, feeds, pairs.RankingLoss(s, x, 0.7), gorgonia.Nodes{x}, graph.CheckConfig{}); err != nil {
		t.Error(err)
	}
}

func TestRankingBadInput(t *testing.T) {
	for _, c := range []struct {
		build func(s *graph.Scope) *gorgonia.Node
		words string
	}{
		{func(s *graph.Scope) *gorgonia.Node { return pairs.RankingLoss(s, nil, 1) }, "the scores are nil"},
		{func(s *graph.Scope) *gorgonia.Node { return pairs.RankingAccuracy(s, nil) }, "the scores are nil"},
		{func(s *graph.Scope) *gorgonia.Node {
			return pairs.RankingLoss(s, graph.Placeholder(s, "x", tensor.Float32, -1, 3), 0)
		}, "the margin is 0"},
		{func(s *graph.Scope) *gorgonia.Node {
			return pairs.RankingLoss(s, graph.Placeholder(s, "x", tensor.Float32, -1, 3), math.NaN())
		}, "the margin is NaN"},
		{func(s *graph.Scope) *gorgonia.Node {
			return pairs.RankingLoss(s, graph.Placeholder(s, "x", tensor.Float32, -1, 1), 1)
		}, "1 or more"},
		{func(s *graph.Scope) *gorgonia.Node {
			return pairs.RankingLoss(s, graph.Placeholder(s, "x", tensor.Float32, -1, -1), 1)
		}, "n known"},
		{func(s *graph.Scope) *gorgonia.Node {
			return pairs.RankingAccuracy(s, graph.Placeholder(s, "x", tensor.Int64, -1, 3))
		}, "float32 or float64"},
	} {
		g := graph.New(graph.Config{})
		if y := c.build(g.Scope()); g.Err() == nil || !strings.Contains(g.Err().Error(), c.words) || !graph.IsBad(y) {
			t.Errorf("%v; want an error that says %s", g.Err(), c.words)
		}
	}
}
