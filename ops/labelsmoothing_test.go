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

func TestSmoothLabelsGolden(t *testing.T) {
	for name, smooth := range map[string]func(s *graph.Scope, labels *gorgonia.Node, smoothing float64) *gorgonia.Node{
		"SmoothLabels": ops.SmoothLabels, "SmoothBinaryLabels": ops.SmoothBinaryLabels,
	} {
		goldenOp{
			build: func(s *graph.Scope, in named, c golden.Case) *gorgonia.Node {
				return smooth(s, in["labels"], c.Param("smoothing"))
			},
			out: "y", seed: "dy", grads: map[string]string{"labels": "dlabels"},
		}.check(t, "morelosses", name)
		checkGradients(t, single(func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return smooth(s, x, 0.25) }), wave(0.5, 0.5, 2, 3, 4))
	}
}

func TestSmoothedSparseSoftmaxCrossEntropyGolden(t *testing.T) {
	lossGolden(t, "SmoothedSparseSoftmaxCrossEntropy", "labels", func(s *graph.Scope, in named, c golden.Case) *gorgonia.Node {
		return ops.SmoothedSparseSoftmaxCrossEntropy(s, in["labels"], in["logits"], c.Param("smoothing"))
	}, "logits")
}

// It is the cross-entropy with smoothed rows, for logits of any size.
func TestSmoothedSparseSoftmaxCrossEntropy(t *testing.T) {
	labels := []int{2, 0, 3}
	for _, smoothing := range []float64{0, 0.1, 1} {
		sparse := single(func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
			return ops.SmoothedSparseSoftmaxCrossEntropy(s, graph.Const(s, labels), x, smoothing)
		})
		dense := single(func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
			return ops.SoftmaxCrossEntropy(s, ops.SmoothLabels(s, ops.OneHot(s, graph.Const(s, labels), 4), smoothing), x)
		})
		for _, x := range []values{wave(3, 0.1, 3, 4), wave(1000, 0, 3, 4)} {
			want := floats(eval(t, tensor.Float64, dense, x))
			for i, v := range floats(eval(t, tensor.Float64, sparse, x)) {
				if math.Abs(v-want[i]) > 1e-12*math.Max(1, want[i]) {
					t.Errorf("smoothing %v: example %d is %v; want %v", smoothing, i, v, want[i])
				}
			}
		}
		checkGradients(t, sparse, wave(3, 0.1, 3, 4))
	}
}

func TestSmoothLabelsErrors(t *testing.T) {
	for _, smoothing := range []float64{-0.1, 1.1, math.NaN()} {
		wantBuildError(t, func(s *graph.Scope) {
			ops.SmoothLabels(s, graph.Placeholder(s, "y", tensor.Float32, -1, 3), smoothing)
		}, "SmoothLabels", "the smoothing is", "0.1 is usual")
		wantBuildError(t, func(s *graph.Scope) {
			ops.SmoothBinaryLabels(s, graph.Placeholder(s, "y", tensor.Float32, -1, 3), smoothing)
		}, "SmoothBinaryLabels", "the smoothing is")
		wantBuildError(t, func(s *graph.Scope) {
			ops.SmoothedSparseSoftmaxCrossEntropy(s, graph.Placeholder(s, "y", tensor.Int64, -1), graph.Placeholder(s, "x", tensor.Float32, -1, 3), smoothing)
		}, "SmoothedSparseSoftmaxCrossEntropy", "the smoothing is")
	}
	wantBuildError(t, func(s *graph.Scope) {
		ops.SmoothLabels(s, graph.Placeholder(s, "y", tensor.Int64, -1), 0.1)
	}, "SmoothLabels", "int64[?]", "OneHot")
	wantBuildError(t, func(s *graph.Scope) {
		ops.SmoothLabels(s, graph.Placeholder(s, "y", tensor.Float32), 0.1)
	}, "SmoothLabels", "[..., classes]")
}
