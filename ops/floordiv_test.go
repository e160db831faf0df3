package ops_test

import (
	"math"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

var signedInts = []tensor.Dtype{tensor.Int, tensor.Int32, tensor.Int64}

func TestFloorDiv(t *testing.T) {
	checkBinaryGoldenIn(t, "math2", "FloorDiv", ops.FloorDiv)
	checkBroadcastValues(t, ops.FloorDiv, func(a, b float64) float64 { return math.Floor(a / b) })
	checkBinaryErrors(t, ops.FloorDiv, "FloorDiv")
	inf, nan := math.Inf(1), math.NaN()
	wantValues(t, eval(t, tensor.Float32, double(ops.FloorDiv), at([]int{5}, 1, -1, 0, nan, 7), at([]int{5}, 0, 0, 0, 1, inf)), []int{5}, inf, -inf, nan, nan, 0)
	for _, dt := range signedInts {
		wantValues(t, eval(t, dt, double(ops.FloorDiv), at([]int{6}, 7, -7, 7, -7, -6, 0), at([]int{6}, 2, 2, -2, -2, 2, -3)), []int{6}, 3, -4, -4, 3, -3, 0)
		wantValues(t, eval(t, dt, double(ops.FloorDiv), at([]int{2, 1}, 7, -7), at(nil, 2)), []int{2, 1}, 3, -4)
		wantValues(t, eval(t, dt, double(ops.FloorDiv), at(nil, -7), at([]int{2}, 2, -2)), []int{2}, -4, 3)
	}
	wantValues(t, eval(t, tensor.Uint8, double(ops.FloorDiv), at([]int{2}, 250, 3), at([]int{1}, 100)), []int{2}, 2, 0)
	// The least integer by -1 has no place in the range: it wraps around.
	wantValues(t, eval(t, tensor.Int32, double(ops.FloorDiv), at([]int{1}, math.MinInt32), at([]int{1}, -1)), []int{1}, math.MinInt32)
	wantNoDivisionByZero(t, ops.FloorDiv, "FloorDiv")

	g := graph.New(graph.Config{})
	x := graph.Placeholder(g.Scope(), "x", tensor.Float32, 3)
	if dx := graph.Gradients(g.Scope(), gorgonia.Nodes{ops.FloorDiv(g.Scope(), x, x)}, gorgonia.Nodes{x}, nil); dx[0] != nil || g.Err() != nil {
		t.Errorf("got the gradient %v and error %v; want nil and none", dx[0], g.Err())
	}
}

// wantNoDivisionByZero checks that integers by zero are an error of the Run.
func wantNoDivisionByZero(t *testing.T, op binaryOp, name string) {
	t.Helper()
	for _, dt := range []tensor.Dtype{tensor.Int, tensor.Int32, tensor.Int64, tensor.Uint8} {
		for _, b := range []values{at([]int{2}, 1, 0), at(nil, 0)} {
			g := graph.New(graph.Config{})
			s := g.Scope().NameScope("net")
			feeds := graph.Feeds{}
			x := input(s, feeds, "x", dt, at([]int{2}, 4, 5), true)
			y := input(s, feeds, "y", dt, b, true)
			wantRunError(t, g, feeds, op(s, x, y), "net/"+name, "division by zero")
		}
		wantValues(t, eval(t, dt, double(op), at([]int{0}), at(nil, 0)), []int{0})
	}
}
