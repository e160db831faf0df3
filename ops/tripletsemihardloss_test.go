package ops_test

import (
	"fmt"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
)

func semihardOf(margin float64, labels ...int64) func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
		return ops.TripletSemihardLoss(s, graph.Const(s, labels), x, margin)
	}
}

func TestTripletSemihardLossGolden(t *testing.T) {
	lossGolden(t, "TripletSemihardLoss", "labels", func(s *graph.Scope, in named, c golden.Case) *gorgonia.Node {
		return ops.TripletSemihardLoss(s, in["labels"], in["embeddings"], c.Param("margin"))
	}, "embeddings")
}

func TestTripletSemihardLossGradients(t *testing.T) {
	checkGradients(t, single(semihardOf(1, 0, 1, 2, 0, 1, 0, 1)), wave(1, 0.3, 7, 3))
	checkGradients(t, single(semihardOf(0.125, 0, 1, 0, 1)), wave(0.5, 0.3, 4, 2))
}

// Without a positive pair, a negative or an example there is no triplet.
func TestTripletSemihardLossWithoutTriplets(t *testing.T) {
	for _, labels := range [][]int64{{0, 1, 2}, {4, 4, 4}, {3}, {}} {
		x := wave(1, 0.3, len(labels), 2)
		gradient := func(s *graph.Scope, xs gorgonia.Nodes) *gorgonia.Node {
			return graph.Gradients(s, gorgonia.Nodes{semihardOf(1, labels...)(s, xs[0])}, xs, nil)[0]
		}
		wantValues(t, eval(t, tensor.Float32, single(semihardOf(1, labels...)), x), nil, 0)
		wantValues(t, eval(t, tensor.Float32, gradient, x), []int{len(labels), 2}, make([]float64, 2*len(labels))...)
	}
}

func TestTripletSemihardLossLabelDtypes(t *testing.T) {
	for _, dtype := range []tensor.Dtype{tensor.Int, tensor.Int32, tensor.Int64} {
		t.Run(fmt.Sprint(dtype), func(t *testing.T) {
			g := graph.New(graph.Config{})
			s, feeds := g.Scope(), graph.Feeds{}
			labels := input(s, feeds, "y", dtype, at([]int{3}, 7, -1, 7), true)
			x := input(s, feeds, "x", tensor.Float32, at([]int{3, 1}, 0, 3, 1), true)
			loss := ops.TripletSemihardLoss(s, labels, x, 6)
			d := graph.Gradients(s, gorgonia.Nodes{loss}, gorgonia.Nodes{x}, nil)[0]
			out := run(t, g, feeds, loss, d)
			// 6 + 1 - 9 < 0 for the first anchor, 6 + 1 - 4 for the other.
			wantValues(t, out.Tensor(0), nil, 1.5)
			wantValues(t, out.Tensor(1), []int{3, 1}, -1, -2, 3)
		})
	}
}

func TestTripletSemihardLossErrors(t *testing.T) {
	build := func(label, embedding tensor.Dtype, batch int, margin float64, shape ...int) func(s *graph.Scope) {
		return func(s *graph.Scope) {
			ops.TripletSemihardLoss(s, graph.Placeholder(s, "y", label, batch), graph.Placeholder(s, "x", embedding, shape...), margin)
		}
	}
	wantBuildError(t, build(tensor.Int64, tensor.Float32, -1, 0, -1, 3), "TripletSemihardLoss", "the margin is 0")
	wantBuildError(t, build(tensor.Int64, tensor.Float32, -1, 1, 3), "TripletSemihardLoss", "float32[3]", "[batch, n]")
	wantBuildError(t, build(tensor.Float32, tensor.Float32, -1, 1, -1, 3), "TripletSemihardLoss", "the labels are float32[?]", "int32 or int64")
	wantBuildError(t, build(tensor.Int64, tensor.Float32, 4, 1, 5, 3), "TripletSemihardLoss", "int64[4]", "int64[5]")
}
