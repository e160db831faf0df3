package ops_test

import (
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

func TestFlatten(t *testing.T) {
	for _, c := range []struct{ shape, want []int }{
		{[]int{2, 3, 4}, []int{2, 12}},
		{[]int{2, 1, 2, 2}, []int{2, 4}},
		{[]int{2, 3}, []int{2, 3}},
		{[]int{4}, []int{4, 1}},
		{[]int{1, 1}, []int{1, 1}},
	} {
		v := wave(1, 0, c.shape...)
		wantValues(t, eval(t, tensor.Float64, single(ops.Flatten), v), c.want, v.data...)
		checkGradients(t, single(func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
			return ops.Square(s, ops.Flatten(s, x))
		}), v)
	}
	wantValues(t, eval(t, tensor.Int64, single(ops.Flatten), at([]int{1, 2, 2}, 1, 2, 3, 4)), []int{1, 4}, 1, 2, 3, 4)
	wantValues(t, eval(t, tensor.Bool, single(ops.Flatten), at([]int{2, 1, 1}, 1, 0)), []int{2, 1}, 1, 0)
}

func TestFlattenShapes(t *testing.T) {
	for _, c := range []struct {
		shape []int
		want  string
	}{
		{[]int{-1, 28, 28}, "float32[?, 784]"},
		{[]int{-1, 28, -1}, "float32[?, ?]"},
		{[]int{-1, 0, -1}, "float32[?, 0]"},
		{[]int{-1}, "float32[?, 1]"},
		{[]int{5, 0}, "float32[5, 0]"},
	} {
		s := graph.New(graph.Config{}).Scope()
		if got := graph.SpecOf(ops.Flatten(s, graph.Placeholder(s, "x", tensor.Float32, c.shape...))).String(); got != c.want {
			t.Errorf("%v becomes %s; want %s", c.shape, got, c.want)
		}
	}
}

func TestFlattenErrors(t *testing.T) {
	wantLayerError(t, func(s *graph.Scope) *gorgonia.Node { return ops.Flatten(s, graph.Const(s, 1.0)) }, "Flatten", "scalar", "float32[]")
}
