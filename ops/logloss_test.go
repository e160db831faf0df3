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

func TestLogLossGolden(t *testing.T) {
	loss := func(s *graph.Scope, in named, c golden.Case) *gorgonia.Node {
		return ops.LogLoss(s, in["labels"], in["predictions"], ops.LogLossConfig{Epsilon: c.Param("epsilon")})
	}
	lossGolden(t, "LogLoss", "", loss, "labels", "predictions")
	meanGolden(t, "LogLoss", loss)
}

// Without epsilon a factor of 0 leaves its infinite logarithm out.
func TestLogLossWithoutEpsilon(t *testing.T) {
	loss := double(logLossOf(ops.LogLossConfig{Epsilon: graph.Zero}))
	wantValues(t, eval(t, tensor.Float32, loss, at([]int{4}, 0, 1, 1, 0), at([]int{4}, 0, 1, 0, 1)), []int{4}, 0, 0, math.Inf(1), math.Inf(1))
	gradient := func(s *graph.Scope, xs gorgonia.Nodes) *gorgonia.Node {
		return graph.Gradients(s, gorgonia.Nodes{loss(s, xs)}, xs[1:], nil)[0]
	}
	wantValues(t, eval(t, tensor.Float32, gradient, at([]int{2}, 0, 1), at([]int{2}, 0, 1)), []int{2}, 1, -1)
}

func TestLogLossErrors(t *testing.T) {
	for _, eps := range []float64{-1, math.NaN(), math.Inf(1)} {
		wantBuildError(t, func(s *graph.Scope) {
			x := graph.Placeholder(s, "x", tensor.Float32, -1)
			ops.LogLoss(s, x, x, ops.LogLossConfig{Epsilon: eps})
		}, "LogLoss", "Epsilon is", "small positive number")
	}
}
