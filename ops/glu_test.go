package ops_test

import (
	"fmt"
	"math"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
)

func gluAlong(axis int) func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.GLU(s, x, axis) }
}

func TestGLUGolden(t *testing.T) {
	checkGolden(t, "activations2", "GLU", func(s *graph.Scope, c golden.Case, in map[string]*gorgonia.Node) *gorgonia.Node {
		return ops.GLU(s, in["x"], c.Axes[0])
	}, "x")
}

func TestGLUGradients(t *testing.T) {
	for _, c := range []struct {
		shape []int
		axis  int
	}{{[]int{3, 4}, -1}, {[]int{4, 3}, 0}, {[]int{2, 4, 3}, 1}, {[]int{2}, 0}} {
		checkGradients(t, single(gluAlong(c.axis)), wave(1.2, 0.1, c.shape...))
	}
}

func TestGLUEdges(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		out := eval(t, dtype, single(gluAlong(-1)), at([]int{1, 8}, 3, 3, nan, 1, inf, -inf, 0, nan))
		wantValues(t, out, []int{1, 4}, 3, 0, nan, nan)
		for _, c := range [][2][]int{{{0, 4}, {0, 2}}, {{3, 0}, {3, 0}}} {
			if got := eval(t, dtype, single(gluAlong(-1)), wave(1, 0, c[0]...)).Shape(); fmt.Sprint([]int(got)) != fmt.Sprint(c[1]) {
				t.Errorf("%v gives %v; want %v", c[0], got, c[1])
			}
		}
	}
}

func TestGLUErrors(t *testing.T) {
	wantBuildError(t, func(s *graph.Scope) { ops.GLU(s, graph.Placeholder(s, "x", tensor.Float32, -1, 3), -1) },
		"glu", "float32[?, 3]", "even size along axis -1")
	wantBuildError(t, func(s *graph.Scope) { ops.GLU(s, graph.Placeholder(s, "x", tensor.Float32, -1, 4), 2) },
		"glu", "axis 2 is out of range")
	wantBuildError(t, func(s *graph.Scope) { ops.GLU(s, graph.Placeholder(s, "x", tensor.Int, -1, 4), 1) },
		"glu", "int[?, 4]", "float32 or float64")
	g := graph.New(graph.Config{})
	x := graph.Placeholder(g.Scope(), "x", tensor.Float32, 2, -1)
	wantRunError(t, g, graph.Feeds{x: wave(1, 0, 2, 5).feed(tensor.Float32)}, ops.GLU(g.Scope(), x, 1), "glu", "float32[2, 5]", "even size")
}
