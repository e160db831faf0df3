package ops_test

import (
	"reflect"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
)

func TestSigmoidCrossEntropyGolden(t *testing.T) {
	goldenOp{
		build: func(s *graph.Scope, in named, c golden.Case) *gorgonia.Node {
			return ops.SigmoidCrossEntropy(s, in["labels"], in["logits"])
		},
		out: "loss", seed: "dloss", grads: map[string]string{"logits": "dlogits", "labels": "dlabels"},
	}.check(t, "losses", "SigmoidCrossEntropy")
}

func TestSigmoidCrossEntropyGradients(t *testing.T) {
	checkGradients(t, double(ops.SigmoidCrossEntropy), wave(0.4, 0.5, 3, 4), wave(2, 0.1, 3, 4))
	checkGradients(t, double(ops.SigmoidCrossEntropy), at(nil, 0.3), at(nil, -0.7))
}

// A small loss keeps its digits: at x = 30, z = 1 it is about exp(-30).
func TestSigmoidCrossEntropySmall(t *testing.T) {
	got := floats(eval(t, tensor.Float32, double(ops.SigmoidCrossEntropy), at([]int{2}, 1, 0), at([]int{2}, 30, -30)))
	for _, v := range got {
		if v < 9.3576e-14 || v > 9.3577e-14 {
			t.Errorf("got %v; want exp(-30) = 9.35762e-14", v)
		}
	}
}

func TestSigmoidCrossEntropyErrors(t *testing.T) {
	wantBuildError(t, func(s *graph.Scope) {
		ops.SigmoidCrossEntropy(s, graph.Placeholder(s, "y", tensor.Float32, -1), graph.Placeholder(s, "x", tensor.Float32, -1, 1))
	}, "SigmoidCrossEntropy", "labels and logits", "float32[?]", "float32[?, 1]", "equal shapes")
	wantBuildError(t, func(s *graph.Scope) {
		ops.SigmoidCrossEntropy(s, graph.Placeholder(s, "y", tensor.Float64, -1), graph.Placeholder(s, "x", tensor.Float32, -1))
	}, "SigmoidCrossEntropy", "float64[?]", "one float dtype")
}

// Labels that are numbers may be integers or bools.
func TestIntegerLabels(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	logits := graph.Const(s, [][]float32{{1, -2}, {0.5, 3}})
	want := graph.Const(s, [][]float32{{1, 0}, {0, 1}})
	for _, labels := range []interface{}{[][]int{{1, 0}, {0, 1}}, [][]int32{{1, 0}, {0, 1}}, [][]int64{{1, 0}, {0, 1}}, [][]bool{{true, false}, {false, true}}} {
		for _, loss := range []func(*graph.Scope, *gorgonia.Node, *gorgonia.Node) *gorgonia.Node{
			ops.SigmoidCrossEntropy, ops.SoftmaxCrossEntropy, ops.MeanSquaredError,
		} {
			out := run(t, g, nil, loss(s, graph.Const(s, labels), logits), loss(s, want, logits))
			if !reflect.DeepEqual(out.Float32s(0), out.Float32s(1)) {
				t.Errorf("%T labels give %v; float32 ones %v", labels, out.Float32s(0), out.Float32s(1))
			}
		}
	}
}
