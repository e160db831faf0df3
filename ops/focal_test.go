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

func focalOf(cfg ops.FocalConfig) binaryLoss {
	return func(s *graph.Scope, labels, x *gorgonia.Node) *gorgonia.Node {
		return ops.SigmoidFocal(s, labels, x, cfg)
	}
}

func TestSigmoidFocalGolden(t *testing.T) {
	lossGolden(t, "SigmoidFocal", "", func(s *graph.Scope, in named, c golden.Case) *gorgonia.Node {
		cfg := ops.FocalConfig{Alpha: c.Param("alpha"), Gamma: c.Param("gamma")}
		if cfg.Alpha < 0 {
			cfg.Alpha, cfg.NoAlpha = 0, true
		}
		return ops.SigmoidFocal(s, in["labels"], in["logits"], cfg)
	}, "logits")
}

func TestSigmoidFocalGradients(t *testing.T) {
	for _, cfg := range []ops.FocalConfig{{}, {Gamma: 1.5, Alpha: 0.5}, {Gamma: graph.Zero, NoAlpha: true}} {
		for _, labels := range []values{at([]int{2, 3}, 0, 1, 1, 0, 1, 0), wave(0.4, 0.5, 2, 3)} {
			checkGradients(t, func(s *graph.Scope, xs gorgonia.Nodes) *gorgonia.Node {
				return ops.SigmoidFocal(s, graph.Const(s, tensor.New(tensor.WithShape(2, 3), tensor.WithBacking(append([]float64(nil), labels.data...)))), xs[0], cfg)
			}, wave(2, 0.1, 2, 3))
		}
	}
}

// With gamma 0 and without alpha it is the cross-entropy.
func TestSigmoidFocalIsCrossEntropy(t *testing.T) {
	z, x := wave(0.4, 0.5, 30), wave(9, 0.1, 30)
	want := floats(eval(t, tensor.Float64, double(ops.SigmoidCrossEntropy), z, x))
	for i, v := range floats(eval(t, tensor.Float64, double(focalOf(ops.FocalConfig{Gamma: graph.Zero, NoAlpha: true})), z, x)) {
		if math.Abs(v-want[i]) > 1e-12 {
			t.Errorf("element %d is %v; want %v", i, v, want[i])
		}
	}
}

// Far out, and where an element is masked, gradients are numbers; labels have none.
func TestSigmoidFocalFar(t *testing.T) {
	for _, cfg := range []ops.FocalConfig{{}, {Gamma: 0.5}, {Gamma: 1}} {
		gradient := func(s *graph.Scope, xs gorgonia.Nodes) *gorgonia.Node {
			loss := ops.WeightedLoss(s, ops.SigmoidFocal(s, xs[0], xs[1], cfg), graph.ConstOf(s, xs[0].Dtype(), []float64{1, 1, 1, 1, 0}), ops.ReductionSum)
			g := graph.Gradients(s, gorgonia.Nodes{loss}, xs[:2], nil)
			if g[0] != nil {
				t.Error("labels have a gradient")
			}
			return g[1]
		}
		for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
			got := floats(eval(t, dtype, gradient, at([]int{5}, 0, 1, 0, 1, 1), at([]int{5}, 1000, -1000, -1000, 1000, math.NaN())))
			for i, want := range []float64{0.75, -0.25, 0, 0, 0} {
				if math.Abs(got[i]-want) > 1e-6 {
					t.Errorf("%+v: got %v", cfg, got)
				}
			}
		}
	}
}

func TestSigmoidFocalErrors(t *testing.T) {
	for _, c := range []struct {
		cfg  ops.FocalConfig
		word string
	}{{ops.FocalConfig{Alpha: 2}, "Alpha is 2"}, {ops.FocalConfig{Alpha: -1}, "Alpha is -1"}, {ops.FocalConfig{Gamma: -1}, "Gamma is -1"}, {ops.FocalConfig{Gamma: math.NaN()}, "Gamma is NaN"}} {
		wantBuildError(t, func(s *graph.Scope) {
			x := graph.Placeholder(s, "x", tensor.Float32, -1)
			ops.SigmoidFocal(s, x, x, c.cfg)
		}, "SigmoidFocal", c.word, "is usual")
	}
	wantBuildError(t, func(s *graph.Scope) {
		ops.SigmoidFocal(s, graph.Placeholder(s, "y", tensor.Float32, -1), graph.Placeholder(s, "x", tensor.Float32, -1, 1), ops.FocalConfig{})
	}, "SigmoidFocal", "labels and logits", "equal shapes")
}
