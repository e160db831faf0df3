package ops_test

import (
	"math"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

func TestLogSumExp(t *testing.T) {
	checkReduceGolden(t, "statistics", "LogSumExp", ops.LogSumExp, ops.LogSumExpKeep)
	checkReduceValues(t, "LogSumExp", ops.LogSumExp, ops.LogSumExpKeep, func(x []float64) float64 {
		sum := 0.0
		for _, v := range x {
			sum += math.Exp(v)
		}
		return math.Log(sum)
	}, 2, 3, 1e-13)
	checkReduceGradients(t, "LogSumExp", ops.LogSumExp, ops.LogSumExpKeep, 1, 0.2)
	checkReduceErrors(t, "LogSumExp", ops.LogSumExp)
}

func TestLogSumExpSpecialValues(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	x := at([]int{6, 2}, -inf, -inf, inf, 1, inf, -inf, nan, 0, 1000, -inf, nan, inf)
	want := []float64{-inf, inf, inf, nan, 1000, nan}
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		wantValues(t, eval(t, dt, single(over(ops.LogSumExp, 1)), x), []int{6}, want...)
		turned := func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.LogSumExp(s, ops.Transpose(s, x), 0) }
		wantValues(t, eval(t, dt, single(turned), x), []int{6}, want...)
		wantValues(t, eval(t, dt, single(over(ops.LogSumExp, 0)), at([]int{0, 2})), []int{2}, -inf, -inf)
		wantValues(t, eval(t, dt, single(over(ops.LogSumExp, 1)), at([]int{0, 2})), []int{0})
	}
}

// Rows that are masked altogether pass a gradient of 0.
func TestLogSumExpGradientOfMaskedRow(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	feeds := graph.Feeds{}
	inf := math.Inf(1)
	x := input(s, feeds, "x", tensor.Float32, at([]int{2, 2}, -inf, -inf, -inf, 3), true)
	d := graph.Gradients(s, gorgonia.Nodes{ops.LogSumExp(s, x, 1)}, gorgonia.Nodes{x}, nil)
	wantValues(t, run(t, g, feeds, d[0]).Tensor(0), []int{2, 2}, 0, 0, 0, 1)
}
