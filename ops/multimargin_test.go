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

func TestMultiMarginGolden(t *testing.T) {
	lossGolden(t, "MultiMargin", "labels", func(s *graph.Scope, in named, c golden.Case) *gorgonia.Node {
		return ops.MultiMargin(s, in["labels"], in["logits"], ops.MultiMarginConfig{Squared: c.Param("squared") == 1, Margin: c.Param("margin")})
	}, "logits")
}

func TestMultiMarginGradients(t *testing.T) {
	for _, cfg := range []ops.MultiMarginConfig{{}, {Margin: 2, Squared: true}} {
		checkGradients(t, single(func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
			return ops.MultiMargin(s, graph.Const(s, [][]int64{{0, 3, 1}, {2, 0, 0}}), x, cfg)
		}), wave(2, 0.3, 2, 3, 4))
	}
}

func TestMultiMarginEdges(t *testing.T) {
	loss := func(labels ...int32) func(s *graph.Scope, xs gorgonia.Nodes) *gorgonia.Node {
		return single(func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
			return ops.MultiMargin(s, graph.Const(s, labels), x, ops.MultiMarginConfig{})
		})
	}
	wantValues(t, eval(t, tensor.Float32, loss(0, 0), at([]int{2, 1}, 5, -1000)), []int{2}, 0, 0)
	wantValues(t, eval(t, tensor.Float32, loss(1, 0), at([]int{2, 2}, math.Inf(-1), 0, math.Inf(1), 1)), []int{2}, 0, 0)
	wantValues(t, eval(t, tensor.Float32, loss(), at([]int{0, 3})), []int{0})
}

func TestMultiMarginErrors(t *testing.T) {
	wantBuildError(t, func(s *graph.Scope) {
		ops.MultiMargin(s, graph.Placeholder(s, "y", tensor.Float32, -1), graph.Placeholder(s, "x", tensor.Float32, -1, 3), ops.MultiMarginConfig{})
	}, "MultiMargin", "the labels are float32[?]")
	wantBuildError(t, func(s *graph.Scope) {
		ops.MultiMargin(s, graph.Placeholder(s, "y", tensor.Int64, -1), graph.Placeholder(s, "x", tensor.Float32, -1, 3), ops.MultiMarginConfig{Margin: -1})
	}, "MultiMargin", "Margin is -1")
	for _, label := range []float64{-1, 3} {
		g := graph.New(graph.Config{})
		feeds := graph.Feeds{}
		y := ops.MultiMargin(g.Scope(), input(g.Scope(), feeds, "y", tensor.Int64, at([]int{2}, 0, label), true),
			input(g.Scope(), feeds, "x", tensor.Float32, wave(1, 0, 2, 3), true), ops.MultiMarginConfig{})
		wantRunError(t, g, feeds, y, "MultiMargin", "row 1", "[0, 3)")
	}
}
