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

func maxoutOf(units, axis int) func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.Maxout(s, x, units, axis) }
}

func TestMaxoutGolden(t *testing.T) {
	checkGolden(t, "activations2", "Maxout", func(s *graph.Scope, c golden.Case, in map[string]*gorgonia.Node) *gorgonia.Node {
		return ops.Maxout(s, in["x"], int(c.Param("units")), c.Axes[0])
	}, "x")
}

func TestMaxoutGradients(t *testing.T) {
	checkGradients(t, single(maxoutOf(3, -1)), wave(1, 0, 2, 6))
	checkGradients(t, single(maxoutOf(2, 0)), wave(1, 0, 4, 3))
	checkGradients(t, single(maxoutOf(1, -2)), wave(1, 0, 2, 3, 2))
}

func TestMaxoutEdges(t *testing.T) {
	nan := math.NaN()
	wantValues(t, eval(t, tensor.Float32, single(maxoutOf(2, 1)), at([]int{2, 4}, 1, nan, math.Inf(-1), -5, 0, 0, 7, 7)), []int{2, 2}, nan, -5, 0, 7)
	wantValues(t, eval(t, tensor.Int32, single(maxoutOf(1, 0)), at([]int{3}, -4, 9, 2)), []int{1}, 9)
	// Equals share the gradient.
	g := graph.New(graph.Config{})
	x := graph.Placeholder(g.Scope(), "x", tensor.Float32, -1)
	y := ops.Maxout(g.Scope(), x, 1, 0)
	dx := graph.Gradients(g.Scope(), gorgonia.Nodes{y}, gorgonia.Nodes{x}, nil)[0]
	wantValues(t, run(t, g, graph.Feeds{x: []float32{3, 3, 1, 3}}, dx).Tensor(0), []int{4}, float64(float32(1./3)), float64(float32(1./3)), 0, float64(float32(1./3)))
}

// The size of the axis may be unknown; the batch usually is.
func TestMaxoutShapes(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	h := ops.Dense(s, graph.Placeholder(s, "x", tensor.Float32, -1, 3), 10, ops.DenseConfig{})
	if got := graph.SpecOf(ops.Maxout(s, h, 5, -1)).String(); got != "float32[?, 5]" {
		t.Errorf("a maxout layer is %s", got)
	}
	x := graph.Placeholder(s, "unknown", tensor.Float32, 2, -1)
	y := ops.Maxout(s, x, 5, 1)
	wantRunError(t, g, graph.Feeds{x: wave(1, 0, 2, 7).feed(tensor.Float32)}, y, "maxout", "float32[2, 7]", "multiple of 5")
	wantRunError(t, g, graph.Feeds{x: wave(1, 0, 2, 0).feed(tensor.Float32)}, y, "maxout", "float32[2, 0]", "multiple of 5")
}

func TestMaxoutErrors(t *testing.T) {
	of := func(units, axis int) func(s *graph.Scope) {
		return func(s *graph.Scope) { ops.Maxout(s, graph.Placeholder(s, "x", tensor.Float32, -1, 6), units, axis) }
	}
	wantBuildError(t, of(4, -1), "maxout", "float32[?, 6]", "axis 1", "multiple of 4 units")
	wantBuildError(t, of(0, -1), "maxout", "units is 0")
	wantBuildError(t, of(2, 2), "maxout", "axis 2 is out of range")
	wantBuildError(t, func(s *graph.Scope) { ops.Maxout(s, nil, 2, -1) }, "maxout", "x is nil")
	wantBuildError(t, func(s *graph.Scope) { ops.Maxout(s, graph.Placeholder(s, "x", tensor.Bool, 6), 2, -1) }, "maxout", "bool[6]")
}
