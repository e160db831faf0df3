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

func TestWeightedSigmoidCrossEntropyGolden(t *testing.T) {
	goldenOp{
		build: func(s *graph.Scope, in named, c golden.Case) *gorgonia.Node {
			return ops.WeightedSigmoidCrossEntropy(s, in["labels"], in["logits"], graph.Const(s, c.Param("posWeight")))
		},
		out: "loss", seed: "dloss", grads: map[string]string{"logits": "dlogits"},
	}.check(t, "losses", "WeightedCrossEntropy")
	lossGolden(t, "WeightedCrossEntropy", "", func(s *graph.Scope, in named, c golden.Case) *gorgonia.Node {
		return ops.WeightedSigmoidCrossEntropy(s, in["labels"], in["logits"], in["posWeight"])
	}, "labels", "logits", "posWeight")
}

func TestWeightedSigmoidCrossEntropyGradients(t *testing.T) {
	loss := func(s *graph.Scope, xs gorgonia.Nodes) *gorgonia.Node {
		return ops.WeightedSigmoidCrossEntropy(s, xs[0], xs[1], xs[2])
	}
	for _, shape := range [][]int{nil, {4}, {3, 1}, {2, 3, 4}} { // of the weights
		checkGradients(t, loss, wave(0.4, 0.5, 2, 3, 4), wave(2, 0.1, 2, 3, 4), wave(0.5, 1.5, shape...))
	}
}

// What has a factor of 0 may be infinite; a weight of 1 is SigmoidCrossEntropy.
func TestWeightedSigmoidCrossEntropyValues(t *testing.T) {
	inf := math.Inf(1)
	wantValues(t, eval(t, tensor.Float32, double(weightedSigmoidOf(3)), at([]int{4}, 0, 1, 0, 1), at([]int{4}, -inf, inf, inf, -inf)), []int{4}, 0, 0, inf, inf)
	z, x := wave(0.4, 0.5, 3, 40), wave(9, 0.1, 3, 40)
	want := floats(eval(t, tensor.Float32, double(ops.SigmoidCrossEntropy), z, x))
	for i, v := range floats(eval(t, tensor.Float32, double(weightedSigmoidOf(1)), z, x)) {
		if math.Abs(v-want[i]) > 1e-6*math.Max(1, want[i]) {
			t.Errorf("element %d is %v; want %v", i, v, want[i])
		}
	}
}

func TestWeightedSigmoidCrossEntropyErrors(t *testing.T) {
	wantBuildError(t, func(s *graph.Scope) {
		x := graph.Placeholder(s, "x", tensor.Float32, -1, 3)
		ops.WeightedSigmoidCrossEntropy(s, x, x, graph.Const(s, []float32{1, 2}))
	}, "WeightedSigmoidCrossEntropy", "posWeight is float32[2]", "float32[?, 3]", "aligned at the last axis")
	wantBuildError(t, func(s *graph.Scope) {
		x := graph.Placeholder(s, "x", tensor.Float32, -1, 3)
		ops.WeightedSigmoidCrossEntropy(s, x, x, graph.Const(s, 2))
	}, "WeightedSigmoidCrossEntropy", "posWeight is int", "ops.Cast")
}
