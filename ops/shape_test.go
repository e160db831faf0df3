package ops_test

import (
	"math"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

func TestShape(t *testing.T) {
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Int, tensor.Bool} {
		wantValues(t, eval(t, dt, single(ops.Shape), at([]int{2, 3}, 0, 1, 0, 1, 0, 1)), []int{2}, 2, 3)
		wantValues(t, eval(t, dt, single(ops.Size), at([]int{2, 3}, 0, 1, 0, 1, 0, 1)), nil, 6)
		wantValues(t, eval(t, dt, single(ops.Shape), at([]int{0, 3})), []int{2}, 0, 3)
		wantValues(t, eval(t, dt, single(ops.Size), at([]int{0, 3})), nil, 0)
		wantValues(t, eval(t, dt, single(ops.Shape), at(nil, 1)), []int{0})
		wantValues(t, eval(t, dt, single(ops.Size), at(nil, 1)), nil, 1)
	}
	// The batch size, without the value it is of.
	g := graph.New(graph.Config{})
	s := g.Scope()
	feeds := graph.Feeds{}
	x := input(s, feeds, "x", tensor.Float32, wave(1, 0, 5, 2), true)
	batch := ops.Cast(s, ops.Index(s, ops.Shape(s, ops.Square(s, x)), 0, 0), tensor.Float32)
	out := run(t, g, feeds, ops.Div(s, ops.Sum(s, x, 0), batch), ops.Mean(s, x, 0))
	for i, want := range out.Float32s(1) {
		if got := out.Float32s(0)[i]; math.Abs(float64(got-want)) > 1e-6 {
			t.Errorf("mean %v; want %v", got, want)
		}
	}
}
