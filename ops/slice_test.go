package ops_test

import (
	"fmt"
	"math"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

func sliceBy(begin, size []int) unaryOp {
	return func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.Slice(s, x, begin, size) }
}

func TestSlice(t *testing.T) {
	for _, c := range []struct{ shape, begin, size, want []int }{
		{[]int{5}, []int{1}, []int{3}, []int{3}},
		{[]int{5}, []int{2}, []int{-1}, []int{3}},
		{[]int{5}, []int{5}, []int{-1}, []int{0}},
		{[]int{5}, []int{0}, []int{-1}, []int{5}},
		{[]int{3, 4}, []int{1, 0}, []int{2, -1}, []int{2, 4}},
		{[]int{3, 4}, []int{0, 1}, []int{-1, 2}, []int{3, 2}},
		{[]int{3, 4}, []int{2, 3}, []int{1, 1}, []int{1, 1}},
		{[]int{2, 3, 4}, []int{1, 1, 1}, []int{-1, 2, 2}, []int{1, 2, 2}},
		{[]int{2, 3, 4}, []int{0, 1, 0}, []int{-1, 1, -1}, []int{2, 1, 4}},
		{[]int{}, nil, nil, []int{}},
		{[]int{0, 4}, []int{0, 1}, []int{-1, 2}, []int{0, 2}},
	} {
		t.Run(fmt.Sprint(c.shape, c.begin, c.size), func(t *testing.T) {
			x := wave(3, 0.5, c.shape...)
			want, _ := cut(x, c.want, c.begin)
			wantValues(t, eval(t, tensor.Float64, single(sliceBy(c.begin, c.size)), x), c.want, want...)
			checkGradients(t, single(func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
				return ops.Square(s, ops.Slice(s, x, c.begin, c.size))
			}), x)
			x = chooser(wave(0, 0, c.shape...))
			want, _ = cut(x, c.want, c.begin)
			for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Int64, tensor.Uint8, tensor.Bool} {
				wantValues(t, eval(t, dt, single(sliceBy(c.begin, c.size)), x), c.want, want...)
			}
		})
	}
}

func TestSliceErrors(t *testing.T) {
	for _, c := range []struct {
		shape, begin, size []int
		words              []string
	}{
		{[]int{3, 4}, []int{0}, []int{1}, []string{"float32[3, 4]", "one entry for each axis"}},
		{[]int{3, 4}, []int{0, -1}, []int{1, 1}, []string{"axis 1 is negative"}},
		{[]int{3, 4}, []int{0, 0}, []int{-2, 1}, []string{"axis 0 is negative"}},
		{[]int{3, 4}, []int{2, 0}, []int{2, 1}, []string{"beyond axis 0, of size 3"}},
		{[]int{3, 4}, []int{4, 0}, []int{-1, 1}, []string{"beyond axis 0, of size 3"}},
		{[]int{-1, 4}, []int{0, 1}, []int{-1, 4}, []string{"beyond axis 1, of size 4"}},
		{[]int{3, 4}, []int{0, 1}, []int{1, math.MaxInt}, []string{"beyond axis 1, of size 4"}}, // whose sum with begin overflows
	} {
		wantBuildError(t, func(s *graph.Scope) {
			ops.Slice(s, graph.Placeholder(s, "x", tensor.Float32, c.shape...), c.begin, c.size)
		}, "Slice", c.words...)
	}
	g := graph.New(graph.Config{})
	feeds := graph.Feeds{}
	x := input(g.Scope(), feeds, "x", tensor.Float32, wave(1, 0, 3), true)
	wantRunError(t, g, feeds, ops.Slice(g.Scope().NameScope("net"), x, []int{2}, []int{2}), "net/Slice", "beyond axis 0, of size 3")
}
