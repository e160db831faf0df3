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

type segmentOp = func(s *graph.Scope, x, ids *gorgonia.Node, segments int) *gorgonia.Node

var segmentOps = map[string]segmentOp{"SegmentSum": ops.SegmentSum, "SegmentMean": ops.SegmentMean}

func TestSegmentGolden(t *testing.T) {
	for name, op := range segmentOps {
		goldenOp{
			build: func(s *graph.Scope, in named, c golden.Case) *gorgonia.Node {
				return op(s, in["x"], in["ids"], int(c.Param("segments")))
			},
			out: "y", seed: "dy", grads: map[string]string{"x": "dx"}, labels: "ids",
		}.check(t, "sequences", name)
	}
}

// segmented runs an op on x of one dtype and ids of another.
func segmented(t *testing.T, op segmentOp, dtype, idType tensor.Dtype, x, ids values, segments int) *tensor.Dense {
	t.Helper()
	g := graph.New(graph.Config{})
	s := g.Scope()
	feeds := graph.Feeds{}
	return run(t, g, feeds, op(s, input(s, feeds, "x", dtype, x, true), input(s, feeds, "ids", idType, ids, true), segments)).Tensor(0)
}

func TestSegment(t *testing.T) {
	x, ids := at([]int{5, 2}, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10), at([]int{5}, 2, 0, 2, -1, 2)
	for _, idType := range signedInts {
		for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64, tensor.Int, tensor.Int32, tensor.Int64, tensor.Uint8} {
			wantValues(t, segmented(t, ops.SegmentSum, dt, idType, x, ids, 4), []int{4, 2}, 3, 4, 0, 0, 15, 18, 0, 0)
		}
		wantValues(t, segmented(t, ops.SegmentMean, tensor.Float64, idType, x, ids, 4), []int{4, 2}, 3, 4, 0, 0, 5, 6, 0, 0)
		wantValues(t, eval(t, idType, single(func(s *graph.Scope, ids *gorgonia.Node) *gorgonia.Node { return ops.SegmentCount(s, ids, 4) }), ids), []int{4}, 1, 0, 3, 0)
	}
	for _, op := range segmentOps {
		// ids of two axes stand for two axes of x.
		wantValues(t, segmented(t, op, tensor.Float32, tensor.Int, at([]int{2, 2, 1}, 1, 2, 3, 4), at([]int{2, 2}, 0, 1, 2, 3), 4), []int{4, 1}, 1, 2, 3, 4)
		wantValues(t, segmented(t, op, tensor.Float32, tensor.Int, at([]int{0, 2}), at([]int{0}), 2), []int{2, 2}, 0, 0, 0, 0)
		wantValues(t, segmented(t, op, tensor.Float32, tensor.Int, at([]int{2, 0}), at([]int{2}, 0, 1), 2), []int{2, 0})
		wantValues(t, segmented(t, op, tensor.Float32, tensor.Int, at([]int{0}), at([]int{0}), 0), []int{0})
		nan := math.NaN() // stays in its segment
		wantValues(t, segmented(t, op, tensor.Float32, tensor.Int, at([]int{3}, nan, 1, 2), at([]int{3}, 0, 1, 2), 3), []int{3}, nan, 1, 2)
	}
	// float32 is added up in float64.
	wantValues(t, segmented(t, ops.SegmentSum, tensor.Float32, tensor.Int, at([]int{4}, 1<<24, 1, 1, 1), at([]int{4}, 0, 0, 0, 0), 1), []int{1}, 1<<24+4)
}

func TestSegmentGradients(t *testing.T) {
	for _, op := range segmentOps {
		for _, shape := range [][]int{{5}, {5, 2}, {5, 1, 3}} {
			build := func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
				return op(s, ops.Square(s, x), graph.Const(s, []int{2, 0, 2, -1, 2}), 4)
			}
			checkGradients(t, single(build), wave(1, 0.3, shape...))
		}
	}
}

func TestSegmentErrors(t *testing.T) {
	for name, op := range segmentOps {
		for _, c := range []struct {
			x, ids   []int
			idType   tensor.Dtype
			segments int
			words    []string
		}{
			{[]int{-1, 3}, []int{-1}, tensor.Float32, 2, []string{"the ids are float32[?]", "int"}},
			{[]int{4, 3}, []int{5}, tensor.Int, 2, []string{"float32[4, 3]", "int[5]"}},
			{[]int{4}, []int{4, 1}, tensor.Int, 2, []string{"float32[4]", "int[4, 1]"}},
			{[]int{4}, []int{4}, tensor.Int, -1, []string{"segments is -1"}},
		} {
			wantBuildError(t, func(s *graph.Scope) {
				op(s, graph.Placeholder(s, "x", tensor.Float32, c.x...), graph.Placeholder(s, "ids", c.idType, c.ids...), c.segments)
			}, "", c.words...)
		}
		g := graph.New(graph.Config{})
		s := g.Scope().NameScope("net")
		feeds := graph.Feeds{}
		x := input(s, feeds, "x", tensor.Float32, wave(1, 0, 3), true)
		ids := input(s, feeds, "ids", tensor.Int32, at([]int{3}, 0, 7, 1), true)
		wantRunError(t, g, feeds, op(s, x, ids, 3), "net/UnsortedSegmentSum", "[1]", "is 7", "0 to 2")
		if name == "SegmentMean" {
			wantBuildError(t, func(s *graph.Scope) {
				op(s, graph.Placeholder(s, "x", tensor.Int, 3), graph.Placeholder(s, "ids", tensor.Int, 3), 2)
			}, name, "int[3]", "float32 or float64")
		}
	}
	wantBuildError(t, func(s *graph.Scope) {
		ops.SegmentCount(s, graph.Placeholder(s, "ids", tensor.Float32, 3), 2)
	}, "Bincount", "float32[3]")
}
