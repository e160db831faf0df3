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

type cumulativeOp = func(s *graph.Scope, x *gorgonia.Node, axis int, cfg ops.CumulativeConfig) *gorgonia.Node

func cumulative(op cumulativeOp, axis int, exclusive, reverse bool) unaryOp {
	return func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
		return op(s, x, axis, ops.CumulativeConfig{Exclusive: exclusive, Reverse: reverse})
	}
}

// checkCumulative compares a running total with its golden values and with its
// formula, and checks its gradients, along every axis and in each form.
func checkCumulative(t *testing.T, name string, op cumulativeOp, none float64, step func(total, v float64) float64) {
	t.Helper()
	checkGolden(t, "sequences", name, func(s *graph.Scope, c golden.Case, in map[string]*gorgonia.Node) *gorgonia.Node {
		return cumulative(op, c.Axes[0], c.Param("exclusive") != 0, c.Param("reverse") != 0)(s, in["x"])
	}, "x")
	for _, shape := range [][]int{{5}, {1}, {3, 4}, {2, 3, 2}, {3, 1}, {0, 3}, {3, 0}, {3, 130}} {
		for axis := -1; axis < len(shape); axis++ {
			for form := range 4 {
				exclusive, reverse := form&1 != 0, form&2 != 0
				y := cumulative(op, axis, exclusive, reverse)
				x := wave(1.5, 0.4, shape...)
				for i := range x.data {
					x.data[i] = math.Round(x.data[i])
				}
				want := accumulated(x, (axis+len(shape))%len(shape), exclusive, reverse, none, step)
				t.Run(fmt.Sprint(name, shape, axis, exclusive, reverse), func(t *testing.T) {
					for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64, tensor.Int, tensor.Int32, tensor.Int64} {
						wantValues(t, eval(t, dt, single(y), x), shape, want...)
					}
					if len(x.data) < 20 {
						checkGradients(t, single(y), wave(0.7, 0.9, shape...))
					}
				})
			}
		}
	}
	wantBuildError(t, func(s *graph.Scope) {
		op(s, graph.Placeholder(s, "x", tensor.Float32, 3, 2), 2, ops.CumulativeConfig{})
	}, name, "float32[3, 2]", "axis 2", "rank 2")
	wantBuildError(t, func(s *graph.Scope) {
		op(s, graph.Placeholder(s, "x", tensor.Float32), 0, ops.CumulativeConfig{})
	}, name, "axis 0", "rank 0")
	wantBuildError(t, func(s *graph.Scope) {
		op(s, graph.Placeholder(s, "x", tensor.Bool, 3), 0, ops.CumulativeConfig{})
	}, name, "bool[3]")
}

// accumulated computes running totals the slow way.
func accumulated(x values, axis int, exclusive, reverse bool, none float64, step func(total, v float64) float64) []float64 {
	n, inner := x.shape[axis], size(x.shape[axis+1:])
	y := make([]float64, len(x.data))
	for i := range x.data {
		first := i/(n*inner)*n*inner + i%inner
		place := i / inner % n
		y[i] = none
		for k := 0; k < n; k++ {
			if k == place && !exclusive || !reverse && k < place || reverse && k > place {
				y[i] = step(y[i], x.data[first+k*inner])
			}
		}
	}
	return y
}

func TestCumsum(t *testing.T) {
	checkCumulative(t, "Cumsum", ops.Cumsum, 0, func(total, v float64) float64 { return total + v })
	inf, nan := math.Inf(1), math.NaN()
	op := single(cumulative(ops.Cumsum, 0, false, false))
	wantValues(t, eval(t, tensor.Float32, op, at([]int{4}, 1, inf, 2, -inf)), []int{4}, 1, inf, inf, nan)
	wantValues(t, eval(t, tensor.Uint8, op, at([]int{3}, 200, 50, 10)), []int{3}, 200, 250, 4) // wraps around
	// float32 is added up in float64.
	wantValues(t, eval(t, tensor.Float32, op, at([]int{4}, 1<<24, 1, 1, 1)), []int{4}, 1<<24, 1<<24, 1<<24+2, 1<<24+4)
}
