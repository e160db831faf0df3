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

func TestClipByNormGolden(t *testing.T) {
	checkGolden(t, "clip", "ClipByNorm", func(s *graph.Scope, c golden.Case, in map[string]*gorgonia.Node) *gorgonia.Node {
		return ops.ClipByNorm(s, in["x"], c.Param("clipNorm"), c.Axes...)
	}, "x")
}

func TestClipByNormGradients(t *testing.T) {
	for _, c := range []struct {
		shape []int
		axes  []int
	}{{[]int{3, 4}, nil}, {[]int{3, 4}, []int{0}}, {[]int{3, 4}, []int{-1}}, {[]int{2, 3, 2}, []int{0, 2}}, {[]int{2, 3, 2}, []int{1}}, {nil, nil}} {
		for _, limit := range []float64{0.9, 50} {
			checkGradients(t, single(func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
				return ops.ClipByNorm(s, x, limit, c.axes...)
			}), wave(2, 0.3, c.shape...))
		}
	}
}

// Every layout of groups against the formula, on sizes that are split.
func TestClipByNormLayouts(t *testing.T) {
	for _, c := range []struct {
		shape []int
		axes  []int
	}{
		{[]int{784, 300}, []int{0}}, {[]int{784, 300}, []int{1}}, {[]int{784, 300}, nil}, {[]int{300, 200}, []int{0, 1}},
		{[]int{5, 7, 3}, []int{1}}, {[]int{5, 7, 3}, []int{0, 2}}, {[]int{5, 7, 3}, []int{0, 1}}, {[]int{3, 3, 8, 16}, []int{0, 1, 2}},
		{[]int{3, 3, 8, 16}, []int{1, 3}}, {[]int{6, 1}, []int{1}}, {[]int{6, 1}, []int{0}}, {[]int{1, 1}, []int{0}}, {[]int{9}, []int{-1}},
		{[]int{0, 3}, []int{0}}, {[]int{3, 0}, []int{0}}, {nil, nil},
	} {
		t.Run(fmt.Sprint(c.shape, c.axes), func(t *testing.T) {
			in := wave(2, 0, c.shape...)
			limit := 0.7 * math.Sqrt(float64(max(1, len(in.data))))
			if len(c.axes) > 0 {
				limit = 1.9
			}
			got := eval(t, tensor.Float32, single(func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
				return ops.ClipByNorm(s, x, limit, c.axes...)
			}), in)
			want := clippedByNorm(in, limit, c.axes)
			for i, v := range floats(got) {
				if math.Abs(v-want[i]) > 3e-7*math.Abs(want[i]) {
					t.Fatalf("element %d: got %v, want %v", i, v, want[i])
				}
			}
		})
	}
}

// clippedByNorm is the formula, element by element.
func clippedByNorm(v values, limit float64, axes []int) []float64 {
	reduced := make([]bool, len(v.shape))
	for _, a := range axes {
		reduced[(a+len(v.shape))%len(v.shape)] = true
	}
	group := func(i int) string {
		key := ""
		for a, at := range golden.Index(v.shape, i) {
			if len(axes) > 0 && !reduced[a] {
				key += fmt.Sprint(at, ",")
			}
		}
		return key
	}
	sums := map[string]float64{}
	for i, x := range v.data {
		sums[group(i)] += float64(float32(x)) * float64(float32(x))
	}
	out := make([]float64, len(v.data))
	for i, x := range v.data {
		out[i] = x * limit / math.Max(math.Sqrt(sums[group(i)]), limit)
	}
	return out
}

// Large float32 values do not overflow on the way to the norm, infinities and
// NaN stay in their group, and what is within the limit keeps its bits.
func TestClipByNormSpecial(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	rows := func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.ClipByNorm(s, x, 5, 1) }
	got := eval(t, tensor.Float32, single(rows), at([]int{5, 2}, 3e30, 4e30, inf, 1, nan, 1, 0, 0, 0.1, -0.3))
	wantValues(t, got, []int{5, 2}, 3, 4, nan, 0, nan, nan, 0, 0, float64(float32(0.1)), float64(float32(-0.3)))
}

func TestClipByNormErrors(t *testing.T) {
	g := graph.New(graph.Config{})
	if y := ops.ClipByNorm(g.Scope(), nil, 1); y != nil || g.Err() != nil {
		t.Errorf("got %v, %v; want nil", y, g.Err())
	}
	x := func(s *graph.Scope) *gorgonia.Node { return graph.Placeholder(s, "x", tensor.Float32, -1, 3) }
	for _, c := range []float64{0, -1, math.NaN(), math.Inf(1)} {
		wantBuildError(t, func(s *graph.Scope) { ops.ClipByNorm(s, x(s), c) }, "clip_by_norm", "want a positive number")
	}
	wantBuildError(t, func(s *graph.Scope) { ops.ClipByNorm(s, x(s), 1, 2) }, "clip_by_norm", "axis 2", "float32[?, 3]")
	wantBuildError(t, func(s *graph.Scope) { ops.ClipByNorm(s, x(s), 1, 0, -2) }, "clip_by_norm", "twice")
}
