package ops_test

import (
	"math"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

func TestDiv(t *testing.T) {
	checkBinaryGolden(t, "Div", ops.Div)
	checkBroadcastGradients(t, ops.Div)
	checkBroadcastValues(t, ops.Div, func(a, b float64) float64 { return a / b })
	checkBinaryErrors(t, ops.Div, "Div")
}

func TestDivIntegers(t *testing.T) {
	for _, dt := range []tensor.Dtype{tensor.Int, tensor.Int32, tensor.Int64, tensor.Uint8} {
		got := eval(t, dt, double(ops.Div), at([]int{2, 2}, 10, 2, 7, 4), at([]int{2}, 2, 3))
		wantValues(t, got, []int{2, 2}, 5, 0, 3, 1)
	}
}

func TestDivTruncatesTowardsZero(t *testing.T) {
	got := eval(t, tensor.Int64, double(ops.Div), at([]int{4}, 7, -7, 7, -7), at([]int{4}, 2, 2, -2, -2))
	wantValues(t, got, []int{4}, 3, -3, -3, 3)
}

func TestDivIntegerByZero(t *testing.T) {
	for _, b := range []values{at([]int{2}, 1, 0), at(nil, 0)} {
		g := graph.New(graph.Config{})
		s := g.Scope().NameScope("net")
		feeds := graph.Feeds{}
		x := input(s, feeds, "x", tensor.Int, at([]int{2}, 4, 5), true)
		y := input(s, feeds, "y", tensor.Int, b, true)
		wantRunError(t, g, feeds, ops.Div(s, x, y), "net/Div", "division by zero")
	}
	// Nothing is divided when there is nothing.
	wantValues(t, eval(t, tensor.Int, double(ops.Div), at([]int{0}), at(nil, 0)), []int{0})
}

func TestDivSpecialValues(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		got := eval(t, dt, double(ops.Div), at([]int{5}, 1, -1, 0, nan, inf), at([]int{1}, 0))
		wantValues(t, got, []int{5}, inf, -inf, nan, nan, inf)
	}
}
