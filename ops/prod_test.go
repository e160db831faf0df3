package ops_test

import (
	"math"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

func TestProd(t *testing.T) {
	checkReduceGolden(t, "statistics", "Prod", ops.Prod, ops.ProdKeep)
	checkReduceValues(t, "Prod", ops.Prod, ops.ProdKeep, func(x []float64) float64 {
		p := 1.0
		for _, v := range x {
			p *= v
		}
		return p
	}, 0.5, 1, 1e-13)
	checkReduceGradients(t, "Prod", ops.Prod, ops.ProdKeep, 0.5, 1)
	checkReduceErrors(t, "Prod", ops.Prod)
	checkReduceErrors(t, "Prod", ops.ProdKeep)
}

func TestProdIntegersAndSpecialValues(t *testing.T) {
	x := at([]int{2, 3}, 1, 2, 3, 4, 5, 0)
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Int, tensor.Int32, tensor.Int64, tensor.Uint8} {
		wantValues(t, eval(t, dt, single(over(ops.Prod, 1)), x), []int{2}, 6, 0)
		wantValues(t, eval(t, dt, single(over(ops.Prod, 0)), x), []int{3}, 4, 10, 0)
		wantValues(t, eval(t, dt, single(over(ops.Prod)), x), nil, 0)
		wantValues(t, eval(t, dt, single(over(ops.Prod, 1)), at([]int{2, 0})), []int{2}, 1, 1)
		wantValues(t, eval(t, dt, single(over(ops.ProdKeep)), at([]int{2, 0})), []int{1, 1}, 1)
	}
	wantValues(t, eval(t, tensor.Int32, single(over(ops.Prod)), at([]int{3}, 1<<16, 1<<15, 3)), nil, math.MinInt32) // wraps around
	inf, nan := math.Inf(1), math.NaN()
	wantValues(t, eval(t, tensor.Float32, single(over(ops.Prod, 1)), at([]int{3, 2}, inf, -1, inf, 0, nan, 0)), []int{3}, -inf, nan, nan)
	// float64 on the way: 1e30*1e30 is beyond float32.
	wantValues(t, eval(t, tensor.Float32, single(over(ops.Prod)), at([]int{3}, 1e30, 1e30, 0)), nil, 0)
}

// Elements that are 0 have a gradient all the same, of either order.
func TestProdGradientAtZeros(t *testing.T) {
	for _, axes := range [][]int{nil, {0}, {1}, {-1, 0}} {
		for _, x := range []values{at([]int{2, 3}, 0, 2, 3, -1, 0.5, 0), at([]int{2, 3}, 0, 0, 3, 0, 0, 0)} {
			checkGradients(t, single(over(ops.Prod, axes...)), x)
		}
	}
	g := graph.New(graph.Config{})
	s := g.Scope()
	feeds := graph.Feeds{}
	x := input(s, feeds, "x", tensor.Float32, at([]int{2, 3}, 0, 2, 3, 0, 5, 0), true)
	d := graph.Gradients(s, gorgonia.Nodes{ops.Prod(s, x, 1)}, gorgonia.Nodes{x}, nil)
	wantValues(t, run(t, g, feeds, d[0]).Tensor(0), []int{2, 3}, 6, 0, 0, 0, 0, 0)
}
