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

func klOf(cfg ops.KLDivergenceConfig) binaryLoss {
	return func(s *graph.Scope, labels, x *gorgonia.Node) *gorgonia.Node {
		return ops.KLDivergence(s, labels, x, cfg)
	}
}

func TestKLDivergenceGolden(t *testing.T) {
	lossGolden(t, "KLDivergence", "", func(s *graph.Scope, in named, c golden.Case) *gorgonia.Node {
		return ops.KLDivergence(s, in["labels"], in["predictions"], ops.KLDivergenceConfig{Probabilities: c.Param("probabilities") == 1})
	}, "labels", "predictions")
}

func TestKLDivergenceGradients(t *testing.T) {
	checkGradients(t, double(klOf(ops.KLDivergenceConfig{})), wave(0.3, 0.5, 2, 3, 4), wave(2, -3, 2, 3, 4))
	checkGradients(t, double(klOf(ops.KLDivergenceConfig{Probabilities: true})), wave(0.3, 0.5, 3, 4), wave(0.3, 0.5, 3, 4))
}

// Labels and probabilities of 0 give numbers, gradients included.
func TestKLDivergenceZeros(t *testing.T) {
	labels := at([]int{2, 2}, 1, 0, 0.5, 0.5)
	for _, c := range []struct {
		loss binaryLoss
		x    values
		want []float64
	}{
		{klOf(ops.KLDivergenceConfig{}), at([]int{2, 2}, -1, math.Inf(-1), -1000, 0), []float64{1, 500 - math.Ln2}},
		{klOf(ops.KLDivergenceConfig{Probabilities: true, Epsilon: 0x1p-20}), at([]int{2, 2}, 1, 0, 0, 1), []float64{0, 9 * math.Ln2}},
	} {
		got := floats(eval(t, tensor.Float64, double(c.loss), labels, c.x))
		for i, want := range c.want {
			if math.Abs(got[i]-want) > 1e-12 {
				t.Errorf("example %d is %v; want %v", i, got[i], want)
			}
		}
		gradient := func(s *graph.Scope, xs gorgonia.Nodes) *gorgonia.Node {
			return graph.Gradients(s, gorgonia.Nodes{c.loss(s, xs[0], xs[1])}, xs[1:], nil)[0]
		}
		for _, v := range floats(eval(t, tensor.Float64, gradient, labels, c.x)) {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				t.Errorf("the gradient holds %v", v)
			}
		}
	}
	wantValues(t, eval(t, tensor.Float32, double(klOf(ops.KLDivergenceConfig{})), at([]int{2, 0}), at([]int{2, 0})), []int{2}, 0, 0)
}

func TestKLDivergenceErrors(t *testing.T) {
	wantBuildError(t, func(s *graph.Scope) {
		x := graph.Placeholder(s, "x", tensor.Float32)
		ops.KLDivergence(s, x, x, ops.KLDivergenceConfig{})
	}, "KLDivergence", "labels and predictions", "scalars", "[..., n]")
	wantBuildError(t, func(s *graph.Scope) {
		ops.KLDivergence(s, graph.Placeholder(s, "y", tensor.Float32, -1, 3), graph.Placeholder(s, "x", tensor.Float32, -1, 4), ops.KLDivergenceConfig{Probabilities: true})
	}, "KLDivergence", "float32[?, 3]", "float32[?, 4]", "equal shapes")
}
