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

var dtypes = []tensor.Dtype{tensor.Float32, tensor.Float64, tensor.Int, tensor.Int32, tensor.Int64, tensor.Uint8, tensor.Bool}

func castOp(to tensor.Dtype) unaryOp {
	return func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.Cast(s, x, to) }
}

// Every dtype to every dtype, on values that all of them hold.
func TestCast(t *testing.T) {
	for _, from := range dtypes {
		for _, to := range dtypes {
			t.Run(fmt.Sprint(from, to), func(t *testing.T) {
				want := []float64{0, 1, 2, 100}
				if from == tensor.Bool || to == tensor.Bool {
					want = []float64{0, 1, 1, 1}
				}
				for _, shape := range [][]int{{4}, {2, 2}} {
					got := eval(t, from, single(castOp(to)), at(shape, 0, 1, 2, 100))
					wantValues(t, got, shape, want...)
					if got.Dtype() != to {
						t.Errorf("got %v; want %v", got.Dtype(), to)
					}
				}
				wantValues(t, eval(t, from, single(castOp(to)), at(nil, 1)), nil, 1)
				wantValues(t, eval(t, from, single(castOp(to)), at([]int{0, 2})), []int{0, 2})
			})
		}
	}
}

// Floats truncate towards zero and stop at the ends of the range, whatever the
// machine; NaN becomes 0.
func TestCastFloatToInteger(t *testing.T) {
	x := at([]int{8}, 1.9, -1.9, 255.5, 1e30, -1e30, math.Inf(1), math.Inf(-1), math.NaN())
	for _, from := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		wantValues(t, eval(t, from, single(castOp(tensor.Int32)), x), []int{8},
			1, -1, 255, math.MaxInt32, math.MinInt32, math.MaxInt32, math.MinInt32, 0)
		wantValues(t, eval(t, from, single(castOp(tensor.Uint8)), x), []int{8}, 1, 0, 255, 255, 0, 255, 0, 0)
		wantValues(t, eval(t, from, single(castOp(tensor.Int64)), x), []int{8},
			1, -1, 255, math.MaxInt64, math.MinInt64, math.MaxInt64, math.MinInt64, 0)
	}
	// The first numbers beyond the range, which floats hold exactly.
	for _, from := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		wantValues(t, eval(t, from, single(castOp(tensor.Int32)), at([]int{2}, 1<<31, -1<<31)), []int{2}, math.MaxInt32, math.MinInt32)
		wantValues(t, eval(t, from, single(castOp(tensor.Int64)), at([]int{2}, 1<<63, -1<<63)), []int{2}, math.MaxInt64, math.MinInt64)
		wantValues(t, eval(t, from, single(castOp(tensor.Int)), at([]int{2}, 1<<63, -1<<63)), []int{2}, math.MaxInt, math.MinInt)
	}
	// The ends themselves.
	got := eval(t, tensor.Float64, single(castOp(tensor.Int32)), at([]int{4}, math.MaxInt32, math.MinInt32, math.MaxInt32+0.5, math.MinInt32-0.5))
	wantValues(t, got, []int{4}, math.MaxInt32, math.MinInt32, math.MaxInt32, math.MinInt32)
	wantValues(t, eval(t, tensor.Float32, single(castOp(tensor.Bool)), at([]int{3}, math.NaN(), 0, 0.1)), []int{3}, 1, 0, 1)
	wantValues(t, eval(t, tensor.Int, single(castOp(tensor.Uint8)), at([]int{2}, 257, -1)), []int{2}, 1, 255)
}

func TestCastGradients(t *testing.T) {
	for _, shape := range unaryShapes {
		checkGradients(t, single(func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
			return ops.Square(s, ops.Cast(s, x, tensor.Float64))
		}), wave(1, 0.2, shape...))
	}
	// Through float32, the gradient comes back in float64.
	g := graph.New(graph.Config{Dtype: tensor.Float64})
	s := g.Scope()
	feeds := graph.Feeds{}
	x := input(s, feeds, "x", tensor.Float64, at([]int{2}, 1, -3), true)
	y := ops.Square(s, ops.Cast(s, x, tensor.Float32))
	d := graph.Gradients(s, gorgonia.Nodes{y}, gorgonia.Nodes{x}, nil)
	got := run(t, g, feeds, d[0]).Tensor(0)
	wantValues(t, got, []int{2}, 2, -6)
	if got.Dtype() != tensor.Float64 {
		t.Errorf("the gradient is %v; want float64", got.Dtype())
	}
	// None goes through an integer.
	y = ops.Cast(s, ops.Cast(s, x, tensor.Int), tensor.Float64)
	if d := graph.Gradients(s, gorgonia.Nodes{y}, gorgonia.Nodes{x}, nil); d[0] != nil || g.Err() != nil {
		t.Errorf("got gradient %v, error %v; want nil and none", d[0], g.Err())
	}
}

func TestCastErrors(t *testing.T) {
	wantBuildError(t, func(s *graph.Scope) {
		ops.Cast(s, graph.Placeholder(s, "x", tensor.Float32, 2), tensor.Dtype{})
	}, "Cast", "float32[2]", "target dtype is not set")
	wantBuildError(t, func(s *graph.Scope) {
		ops.Cast(s, graph.Placeholder(s, "x", tensor.Float32, 2), tensor.Complex64)
	}, "Cast", "complex64 is not supported")
	wantBuildError(t, func(s *graph.Scope) { ops.Cast(s, nil, tensor.Float32) }, "Cast", "nil")
}
