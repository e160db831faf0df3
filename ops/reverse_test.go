package ops_test

import (
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
)

func TestReverse(t *testing.T) {
	goldenSplit(t, "Reverse", func(s *graph.Scope, c golden.Case, xs gorgonia.Nodes) *gorgonia.Node {
		return ops.Reverse(s, xs[0], c.Axes...)
	})
	reverse := func(axes ...int) unaryOp {
		return func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.Reverse(s, x, axes...) }
	}
	x := at([]int{2, 3}, 1, 0, 0, 1, 1, 0)
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64, tensor.Int, tensor.Uint8, tensor.Bool} {
		wantValues(t, eval(t, dt, single(reverse(0)), x), []int{2, 3}, 1, 1, 0, 1, 0, 0)
		wantValues(t, eval(t, dt, single(reverse(-1)), x), []int{2, 3}, 0, 0, 1, 0, 1, 1)
		wantValues(t, eval(t, dt, single(reverse()), x), []int{2, 3}, 0, 1, 1, 0, 0, 1)
		wantValues(t, eval(t, dt, single(reverse(1)), at([]int{2, 0})), []int{2, 0})
	}
	wantValues(t, eval(t, tensor.Float32, single(reverse()), at(nil, 4)), nil, 4)
	checkGradients(t, squared(reverse(0, 2)), wave(1, 0.2, 2, 2, 3))
	wantBuildError(t, func(s *graph.Scope) { ops.Reverse(s, graph.Placeholder(s, "x", tensor.Float32, 2), 1) }, "Reverse", "axis 1 is out of range")
	// Long rows, divided among goroutines.
	long := wave(1, 0, 70001)
	got := floats(eval(t, tensor.Float64, single(reverse(0)), long))
	for i, v := range got {
		if v != long.data[len(got)-1-i] {
			t.Fatalf("element %d is %v; want %v", i, v, long.data[len(got)-1-i])
		}
	}
}
