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

func TestMeanSquaredErrorGolden(t *testing.T) {
	goldenOp{
		build: func(s *graph.Scope, in named, c golden.Case) *gorgonia.Node {
			return ops.MeanSquaredError(s, in["labels"], in["predictions"])
		},
		out: "loss", grads: map[string]string{"predictions": "dpredictions"},
	}.check(t, "losses", "MeanSquaredError")
}

func TestMeanSquaredErrorGradients(t *testing.T) {
	checkGradients(t, double(ops.MeanSquaredError), wave(1, 0, 3, 4), wave(2, 0.5, 3, 4))
}

func TestMeanSquaredErrorEmpty(t *testing.T) {
	wantValues(t, eval(t, tensor.Float32, double(ops.MeanSquaredError), at([]int{0, 2}), at([]int{0, 2})), nil, math.NaN())
}

func TestMeanSquaredErrorErrors(t *testing.T) {
	wantBuildError(t, func(s *graph.Scope) {
		y := ops.MeanSquaredError(s, graph.Placeholder(s, "y", tensor.Float32, -1), graph.Placeholder(s, "x", tensor.Float32, -1, 1))
		if !graph.IsBad(y) {
			t.Errorf("the failed op returned the usable node %v", y)
		}
	}, "MeanSquaredError", "labels and predictions", "float32[?]", "float32[?, 1]", "equal shapes")
	wantBuildError(t, func(s *graph.Scope) {
		ops.MeanSquaredError(s, graph.Placeholder(s, "y", tensor.Float64, -1), graph.Placeholder(s, "x", tensor.Float32, -1))
	}, "MeanSquaredError", "float64[?]", "one float dtype")
}
