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

func TestClipByValueGolden(t *testing.T) {
	checkGolden(t, "clip", "ClipByValue", func(s *graph.Scope, c golden.Case, in map[string]*gorgonia.Node) *gorgonia.Node {
		return ops.ClipByValue(s, in["x"], c.Param("lo"), c.Param("hi"))
	}, "x")
}

func TestClipByValueGradients(t *testing.T) {
	checkGradients(t, single(func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
		return ops.ClipByValue(s, x, -0.5, 1)
	}), at([]int{2, 3}, -2, -0.4, 0.3, 0.9, 1.5, 3))
	// The clipped square has a second derivative inside the bounds.
	checkGradients(t, single(func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
		return ops.ClipByValue(s, ops.Square(s, x), 0.5, 2)
	}), at([]int{4}, -2, -1, 0.5, 1.2))
}

func TestClipByValueNil(t *testing.T) {
	g := graph.New(graph.Config{})
	if y := ops.ClipByValue(g.Scope(), nil, -1, 1); y != nil || g.Err() != nil {
		t.Errorf("got %v, %v; want nil", y, g.Err())
	}
}

// As large as a layer's gradient, so that the work is split; and the operand
// must survive, as it is fetched too.
func TestClipByValueLarge(t *testing.T) {
	g := graph.New(graph.Config{})
	feeds := graph.Feeds{}
	in := wave(3, 0, 784, 300)
	x := ops.Neg(g.Scope(), input(g.Scope(), feeds, "x", tensor.Float32, in, true))
	out := run(t, g, feeds, ops.ClipByValue(g.Scope(), x, -1, 1), x)
	for i, v := range out.Float32s(0) {
		w := -float32(in.data[i])
		if out.Float32s(1)[i] != w || v != max(-1, min(1, w)) {
			t.Fatalf("element %d: %v clipped to %v", i, w, v)
		}
	}
}

func TestClipByValueErrors(t *testing.T) {
	for _, bounds := range [][2]float64{{1, -1}, {math.NaN(), 1}, {0, math.NaN()}} {
		wantBuildError(t, func(s *graph.Scope) {
			ops.ClipByValue(s, graph.Placeholder(s, "x", tensor.Float32, -1), bounds[0], bounds[1])
		}, "clip_by_value", "lo <= hi")
	}
	wantBuildError(t, func(s *graph.Scope) {
		ops.ClipByValue(s, graph.Placeholder(s, "x", tensor.Int64, -1), -1, 1)
	}, "clip_by_value", "int64[?]", "float32 or float64")
}
