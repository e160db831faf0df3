package ops_test

import (
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

func TestSplit(t *testing.T) {
	part := func(k, parts, axis int) func(*graph.Scope, *gorgonia.Node) *gorgonia.Node {
		return func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.Split(s, x, parts, axis)[k] }
	}
	x := at([]int{2, 4}, 1, 2, 3, 4, 5, 6, 7, 8)
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64, tensor.Int64, tensor.Uint8} {
		wantValues(t, eval(t, dt, single(part(0, 2, 1)), x), []int{2, 2}, 1, 2, 5, 6)
		wantValues(t, eval(t, dt, single(part(1, 2, -1)), x), []int{2, 2}, 3, 4, 7, 8)
		wantValues(t, eval(t, dt, single(part(1, 2, 0)), x), []int{1, 4}, 5, 6, 7, 8)
		wantValues(t, eval(t, dt, single(part(0, 1, 0)), x), []int{2, 4}, x.data...)
		wantValues(t, eval(t, dt, single(part(2, 3, 0)), at([]int{0, 2})), []int{0, 2})
	}
	checkGradients(t, single(func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
		p := ops.Split(s, x, 3, 1)
		return ops.Mul(s, ops.Mul(s, p[0], p[2]), p[1])
	}), wave(1, 0.2, 2, 6))
	wantBuildError(t, func(s *graph.Scope) { ops.Split(s, graph.Placeholder(s, "x", tensor.Float32, 5), 2, 0) }, "Split", "float32[5]", "2 equal parts")
	wantBuildError(t, func(s *graph.Scope) { ops.Split(s, graph.Placeholder(s, "x", tensor.Float32, 5), 0, 0) }, "Split", "parts is 0")
	g := graph.New(graph.Config{})
	feeds := graph.Feeds{}
	n := input(g.Scope(), feeds, "x", tensor.Float32, wave(1, 0, 5), true)
	wantRunError(t, g, feeds, ops.Split(g.Scope().NameScope("net"), n, 2, 0)[0], "net/Split", "2 equal parts")
	wantBuildError(t, func(s *graph.Scope) { ops.Split(s, graph.Placeholder(s, "x", tensor.Float32, -1), 1<<40, 0) }, "Split", "the number of parts is 1099511627776")
}

func TestSplitSizes(t *testing.T) {
	part := func(k, axis int, sizes ...int) func(*graph.Scope, *gorgonia.Node) *gorgonia.Node {
		return func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.SplitSizes(s, x, sizes, axis)[k] }
	}
	x := at([]int{5}, 1, 2, 3, 4, 5)
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Int} {
		wantValues(t, eval(t, dt, single(part(1, 0, 1, 3, 1)), x), []int{3}, 2, 3, 4)
		wantValues(t, eval(t, dt, single(part(1, 0, 1, -1, 2)), x), []int{2}, 2, 3)
		wantValues(t, eval(t, dt, single(part(2, 0, 1, -1, 2)), x), []int{2}, 4, 5)
		wantValues(t, eval(t, dt, single(part(2, -1, 1, 4, 0)), x), []int{0})
		wantValues(t, eval(t, dt, single(part(0, -1, -1, 5)), x), []int{0})
	}
	checkGradients(t, single(func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
		p := ops.SplitSizes(s, x, []int{2, -1, 2}, 1)
		return ops.Mul(s, ops.Mul(s, p[0], p[2]), p[1])
	}), wave(1, 0.2, 2, 5))
	for _, c := range []struct {
		sizes []int
		words []string
	}{
		{[]int{2, 2}, []string{"[2 2] do not add up to axis 0, of size 5"}}, {[]int{6, -1}, []string{"do not add up"}},
		{[]int{-1, -1}, []string{"one -1"}}, {[]int{-2, 7}, []string{"one -1"}}, {nil, []string{"no sizes"}},
		{[]int{1 << 62, 1 << 62, 1 << 62, 1 << 62, 5}, []string{"overflows"}},
	} {
		wantBuildError(t, func(s *graph.Scope) { ops.SplitSizes(s, graph.Placeholder(s, "x", tensor.Float32, 5), c.sizes, 0) }, "SplitV", c.words...)
	}
}
