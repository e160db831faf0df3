package ops_test

import (
	"fmt"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

func reshapeTo(sizes ...int) unaryOp {
	return func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.Reshape(s, x, sizes...) }
}

func TestReshape(t *testing.T) {
	for _, c := range []struct{ from, sizes, want []int }{
		{[]int{2, 6}, []int{3, 4}, []int{3, 4}},
		{[]int{2, 6}, []int{-1}, []int{12}},
		{[]int{2, 6}, []int{4, -1}, []int{4, 3}},
		{[]int{2, 6}, []int{2, -1, 3}, []int{2, 2, 3}},
		{[]int{2, 6}, []int{2, 6, -1}, []int{2, 6, 1}},
		{[]int{}, []int{1, 1}, []int{1, 1}},
		{[]int{1, 1}, []int{}, []int{}},
		{[]int{}, []int{}, []int{}},
		{[]int{0, 4}, []int{-1, 2}, []int{0, 2}},
		{[]int{0, 4}, []int{4, 0}, []int{4, 0}},
	} {
		t.Run(fmt.Sprint(c.from, c.sizes), func(t *testing.T) {
			x := wave(3, 0.5, c.from...)
			for _, dt := range []tensor.Dtype{tensor.Float64, tensor.Int32, tensor.Bool} {
				y := x
				if dt != tensor.Float64 {
					y = chooser(wave(0, 0, c.from...))
				}
				wantValues(t, eval(t, dt, single(reshapeTo(c.sizes...)), y), c.want, y.data...)
			}
			checkGradients(t, single(func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
				return ops.Square(s, ops.Reshape(s, x, c.sizes...))
			}), x)
		})
	}
}

// With an unknown batch the result is as known as it can be.
func TestReshapeUnknownBatch(t *testing.T) {
	for _, c := range []struct{ from, sizes, want []int }{
		{[]int{-1, 28, 28}, []int{-1, 784}, []int{-1, 784}},
		{[]int{-1, 784}, []int{-1, 28, 28, 1}, []int{-1, 28, 28, 1}},
		{[]int{-1, 6}, []int{5, 6}, []int{5, 6}},
		{[]int{2, 3}, []int{-1, 6}, []int{1, 6}},
	} {
		g := graph.New(graph.Config{})
		n := ops.Reshape(g.Scope(), graph.Placeholder(g.Scope(), "x", tensor.Float32, c.from...), c.sizes...)
		if got := []int(graph.SpecOf(n).Shape); fmt.Sprint(got) != fmt.Sprint(c.want) || g.Err() != nil {
			t.Errorf("Reshape(%v, %v) has shape %v (%v); want %v", c.from, c.sizes, got, g.Err(), c.want)
		}
	}
}

func TestReshapeErrors(t *testing.T) {
	for _, c := range []struct {
		from, sizes []int
		words       []string
	}{
		{[]int{2, 6}, []int{5}, []string{"float32[2, 6]", "[5]"}},
		{[]int{2, 6}, []int{5, -1}, []string{"float32[2, 6]", "[5 -1]"}},
		{[]int{2, 6}, []int{-1, -1}, []string{"two -1"}},
		{[]int{2, 6}, []int{-2, 6}, []string{"size -2 of axis 0"}},
		{[]int{0, 6}, []int{0, -1}, []string{"no elements", "name it"}},
		{[]int{2, 6}, []int{0, -1}, []string{"do not fill"}},
		{[]int{-1, 6}, []int{7}, []string{"float32[?, 6]", "[7]"}},
		{[]int{2}, nil, []string{"do not fill"}},
	} {
		wantBuildError(t, func(s *graph.Scope) {
			ops.Reshape(s, graph.Placeholder(s, "x", tensor.Float32, c.from...), c.sizes...)
		}, "Reshape", c.words...)
	}
	g := graph.New(graph.Config{})
	feeds := graph.Feeds{}
	x := input(g.Scope(), feeds, "x", tensor.Float32, wave(1, 0, 3, 2), true)
	wantRunError(t, g, feeds, ops.Reshape(g.Scope().NameScope("net"), x, -1, 4), "net/Reshape", "[3, 2]", "[-1 4]")
}
