package ops_test

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
)

// embeddingLosses are what testdata/embeddinglosses.py computed with PyTorch.
type embeddingLosses struct {
	Hard []struct {
		Labels        []int64
		Margin        float64
		Soft, Squared bool
		Loss          float64
		DX            []float64
	}
	NPair []struct {
		Labels []int64
		L2     float64
		Loss   float64
		DA, DP []float64
	}
}

func readEmbeddingLosses(t *testing.T) (all embeddingLosses) {
	t.Helper()
	text, err := os.ReadFile("testdata/embeddinglosses.json")
	if err == nil {
		err = json.Unmarshal(text, &all)
	}
	if err != nil || len(all.Hard) == 0 || len(all.NPair) == 0 {
		t.Fatalf("testdata/embeddinglosses.json: %v, %d and %d cases", err, len(all.Hard), len(all.NPair))
	}
	return all
}

// phased are the embeddings of testdata/embeddinglosses.py.
func phased(phase float64, rows, cols int) values {
	v := values{[]int{rows, cols}, make([]float64, rows*cols)}
	for i := range v.data {
		v.data[i] = 2 * math.Sin(phase+1.7*float64(i/cols)+0.6*float64(i%cols))
	}
	return v
}

// sameAsPyTorch compares a loss of inputs and its gradients with those that PyTorch computed.
func sameAsPyTorch(t *testing.T, build func(s *graph.Scope, xs gorgonia.Nodes) *gorgonia.Node, in []values, loss float64, gradients ...[]float64) {
	t.Helper()
	for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		g := graph.New(graph.Config{Dtype: dtype})
		s, feeds := g.Scope(), graph.Feeds{}
		var xs gorgonia.Nodes
		for i, v := range in {
			xs = append(xs, input(s, feeds, fmt.Sprintf("x%d", i), dtype, v, true))
		}
		y := build(s, xs)
		out := run(t, g, feeds, append(gorgonia.Nodes{y}, graph.Gradients(s, gorgonia.Nodes{y}, xs, nil)...)...)
		rtol, atol := tolerance(dtype)
		if err := golden.Close(out.Tensor(0), golden.Array{Data: []float64{loss}}, rtol, atol); err != nil {
			t.Errorf("%v: loss: %v", dtype, err)
		}
		for i, want := range gradients {
			if err := golden.Close(out.Tensor(1+i), golden.Array{Shape: in[i].shape, Data: want}, rtol, atol); err != nil {
				t.Errorf("%v: gradient %d: %v", dtype, i, err)
			}
		}
	}
}

func tripletHardOf(cfg ops.TripletHardConfig, labels ...int64) func(s *graph.Scope, xs gorgonia.Nodes) *gorgonia.Node {
	return func(s *graph.Scope, xs gorgonia.Nodes) *gorgonia.Node {
		return ops.TripletHardLoss(s, graph.Const(s, labels), xs[0], cfg)
	}
}

func TestTripletHardLossGolden(t *testing.T) {
	for i, c := range readEmbeddingLosses(t).Hard {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			cfg := ops.TripletHardConfig{Margin: c.Margin, Soft: c.Soft, Squared: c.Squared}
			sameAsPyTorch(t, tripletHardOf(cfg, c.Labels...), []values{phased(0.3, len(c.Labels), 3)}, c.Loss, c.DX)
		})
	}
}

func TestTripletHardLossGradients(t *testing.T) {
	checkGradients(t, tripletHardOf(ops.TripletHardConfig{}, 0, 1, 2, 0, 1, 0, 1), wave(1, 0.3, 7, 3))
	checkGradients(t, tripletHardOf(ops.TripletHardConfig{Soft: true}, 0, 1, 0, 1), wave(0.5, 0.3, 4, 2))
	checkGradients(t, tripletHardOf(ops.TripletHardConfig{Squared: true, Margin: 2}, 0, 1, 0, 1), wave(0.5, 0.3, 4, 2))
}

// Without a positive pair, a negative or an example there is no triplet.
func TestTripletHardLossWithoutTriplets(t *testing.T) {
	for _, labels := range [][]int64{{0, 1, 2}, {4, 4, 4}, {3}} {
		x := wave(1, 0.3, len(labels), 2)
		loss := tripletHardOf(ops.TripletHardConfig{}, labels...)
		gradient := func(s *graph.Scope, xs gorgonia.Nodes) *gorgonia.Node {
			return graph.Gradients(s, gorgonia.Nodes{loss(s, xs)}, xs, nil)[0]
		}
		wantValues(t, eval(t, tensor.Float32, loss, x), nil, 0)
		wantValues(t, eval(t, tensor.Float32, gradient, x), []int{len(labels), 2}, make([]float64, 2*len(labels))...)
	}
}

// Embeddings that have collapsed to a point give the margin, and no gradient: there is no direction to go in.
func TestTripletHardLossCollapsed(t *testing.T) {
	x := at([]int{4, 2}, 1, 2, 1, 2, 1, 2, 1, 2)
	loss := tripletHardOf(ops.TripletHardConfig{Margin: 0.2}, 0, 1, 0, 1)
	wantValues(t, eval(t, tensor.Float64, loss, x), nil, 0.2)
	gradient := func(s *graph.Scope, xs gorgonia.Nodes) *gorgonia.Node {
		return graph.Gradients(s, gorgonia.Nodes{loss(s, xs)}, xs, nil)[0]
	}
	wantValues(t, eval(t, tensor.Float64, gradient, x), []int{4, 2}, 0, 0, 0, 0, 0, 0, 0, 0)
}

// What is not a number is not lost.
func TestTripletHardLossNaN(t *testing.T) {
	x := at([]int{4, 1}, 1, math.NaN(), 3, 4)
	if v := eval(t, tensor.Float32, tripletHardOf(ops.TripletHardConfig{}, 0, 1, 0, 1), x).Data().(float32); v == v {
		t.Errorf("a NaN among the embeddings gives %v; want NaN", v)
	}
}

func TestTripletHardLossLabelDtypes(t *testing.T) {
	for _, dtype := range []tensor.Dtype{tensor.Int, tensor.Int32, tensor.Int64} {
		g := graph.New(graph.Config{})
		s, feeds := g.Scope(), graph.Feeds{}
		labels := input(s, feeds, "y", dtype, at([]int{3}, 7, -1, 7), true)
		x := input(s, feeds, "x", tensor.Float32, at([]int{3, 1}, 0, 3, 1), true)
		// |0-1| - |0-3| + 3 = 1 of the first anchor, 1 - 2 + 3 = 2 of the last; the second has no positive.
		wantValues(t, run(t, g, feeds, ops.TripletHardLoss(s, labels, x, ops.TripletHardConfig{Margin: 3})).Tensor(0), nil, 1.5)
	}
}

func TestTripletHardLossErrors(t *testing.T) {
	build := func(label, embedding tensor.Dtype, batch int, cfg ops.TripletHardConfig, shape ...int) func(s *graph.Scope) {
		return func(s *graph.Scope) {
			ops.TripletHardLoss(s, graph.Placeholder(s, "y", label, batch), graph.Placeholder(s, "x", embedding, shape...), cfg)
		}
	}
	wantBuildError(t, build(tensor.Int64, tensor.Float32, -1, ops.TripletHardConfig{Margin: -1}, -1, 3), "TripletHardLoss", "Margin is -1")
	wantBuildError(t, build(tensor.Int64, tensor.Float32, -1, ops.TripletHardConfig{Margin: math.NaN()}, -1, 3), "TripletHardLoss", "Margin is NaN")
	wantBuildError(t, build(tensor.Int64, tensor.Float32, -1, ops.TripletHardConfig{Margin: 1, Soft: true}, -1, 3), "TripletHardLoss", "Soft has no margin")
	wantBuildError(t, build(tensor.Int64, tensor.Float32, -1, ops.TripletHardConfig{}, 3), "TripletHardLoss", "float32[3]", "[batch, n]")
	wantBuildError(t, build(tensor.Int64, tensor.Int64, -1, ops.TripletHardConfig{}, -1, 3), "TripletHardLoss", "int64[?, 3]", "float32 or float64")
	wantBuildError(t, build(tensor.Float32, tensor.Float32, -1, ops.TripletHardConfig{}, -1, 3), "TripletHardLoss", "the labels are float32[?]", "int32 or int64")
	wantBuildError(t, build(tensor.Int64, tensor.Float32, 4, ops.TripletHardConfig{}, 5, 3), "TripletHardLoss", "int64[4]", "int64[5]")
}
