package ops_test

import (
	"fmt"
	"math"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

func nPairOf(l2 float64, labels ...int64) func(s *graph.Scope, xs gorgonia.Nodes) *gorgonia.Node {
	if l2 == 0 {
		l2 = graph.Zero
	}
	return func(s *graph.Scope, xs gorgonia.Nodes) *gorgonia.Node {
		return ops.NPairLoss(s, graph.Const(s, labels), xs[0], xs[1], ops.NPairConfig{L2: l2})
	}
}

func TestNPairLossGolden(t *testing.T) {
	for i, c := range readEmbeddingLosses(t).NPair {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			n := len(c.Labels)
			sameAsPyTorch(t, nPairOf(c.L2, c.Labels...), []values{phased(0.3, n, 4), phased(1.1, n, 4)}, c.Loss, c.DA, c.DP)
		})
	}
}

// Of different classes it is the formula of the paper.
func TestNPairLossFormula(t *testing.T) {
	const n, d = 4, 3
	a, p := wave(0.7, 0.1, n, d), wave(0.4, -0.3, n, d)
	dot := func(i, j int) (sum float64) {
		for k := range d {
			sum += a.data[i*d+k] * p.data[j*d+k]
		}
		return sum
	}
	want := 0.0
	for i := range n {
		sum := 1.0
		for j := range n {
			if j != i {
				sum += math.Exp(dot(i, j) - dot(i, i))
			}
		}
		want += math.Log(sum) / n
	}
	if got := eval(t, tensor.Float64, nPairOf(0, 5, 6, 7, 8), a, p).Data().(float64); math.Abs(got-want) > 1e-14 {
		t.Errorf("the loss is %v; the formula gives %v", got, want)
	}
}

func TestNPairLossGradients(t *testing.T) {
	checkGradients(t, nPairOf(0.5, 0, 1, 2, 0), wave(1, 0.3, 4, 3), wave(0.8, -0.2, 4, 3))
}

func TestNPairLossErrors(t *testing.T) {
	build := func(label tensor.Dtype, batch int, cfg ops.NPairConfig, a, p []int) func(s *graph.Scope) {
		return func(s *graph.Scope) {
			ops.NPairLoss(s, graph.Placeholder(s, "y", label, batch), graph.Placeholder(s, "a", tensor.Float32, a...), graph.Placeholder(s, "p", tensor.Float32, p...), cfg)
		}
	}
	wide, narrow := []int{-1, 4}, []int{-1, 3}
	wantBuildError(t, build(tensor.Int64, -1, ops.NPairConfig{L2: -1}, wide, wide), "NPairLoss", "L2 is -1")
	wantBuildError(t, build(tensor.Int64, -1, ops.NPairConfig{}, wide, narrow), "NPairLoss/MatMul", "float32[?, 4]", "float32[?, 3]")
	wantBuildError(t, build(tensor.Float64, -1, ops.NPairConfig{}, wide, wide), "NPairLoss", "the labels are float64[?]", "int32 or int64")
	wantBuildError(t, build(tensor.Int64, 5, ops.NPairConfig{}, []int{4, 2}, []int{4, 2}), "NPairLoss", "int64[5]", "int64[4]")
}
