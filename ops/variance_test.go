package ops_test

import (
	"math"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
)

type varianceOp = func(s *graph.Scope, x *gorgonia.Node, cfg ops.VarianceConfig) *gorgonia.Node

// withCorrection gives the op of a config the form of a reduction.
func withCorrection(op varianceOp, correction int, keep bool) reduceOp {
	return func(s *graph.Scope, x *gorgonia.Node, axes ...int) *gorgonia.Node {
		return op(s, x, ops.VarianceConfig{Axes: axes, Keep: keep, Correction: correction})
	}
}

func TestVarianceAndStd(t *testing.T) {
	for _, c := range []struct {
		name string
		op   varianceOp
		of   func(float64) float64
	}{{"Variance", ops.Variance, func(v float64) float64 { return v }}, {"Std", ops.Std, math.Sqrt}} {
		checkGolden(t, "statistics", c.name, func(s *graph.Scope, g golden.Case, in map[string]*gorgonia.Node) *gorgonia.Node {
			return c.op(s, in["x"], ops.VarianceConfig{Axes: g.Axes, Keep: g.Param("keepDims") != 0, Correction: int(g.Param("correction"))})
		}, "x")
		population := func(x []float64) float64 {
			mean, sum := total(x)/float64(len(x)), 0.0
			for _, v := range x {
				sum += (v - mean) * (v - mean)
			}
			return c.of(sum / float64(len(x)))
		}
		checkReduceValues(t, c.name, withCorrection(c.op, 0, false), withCorrection(c.op, 0, true), population, 2, 0.3, 1e-12)
		for correction := 0; correction <= 1; correction++ {
			for _, r := range []struct{ shape, axes []int }{
				{[]int{3, 4}, nil}, {[]int{3, 4}, []int{0}}, {[]int{3, 4}, []int{-1}}, {[]int{2, 3, 2}, []int{0, 2}}, {[]int{2, 3, 2}, []int{1}},
			} {
				for _, keep := range []bool{false, true} {
					checkGradients(t, single(over(withCorrection(c.op, correction, keep), r.axes...)), wave(2, 0.3, r.shape...))
				}
			}
		}
		checkReduceErrors(t, c.name, withCorrection(c.op, 0, false))
		wantBuildError(t, func(s *graph.Scope) {
			c.op(s, graph.Placeholder(s, "x", tensor.Float32, 3), ops.VarianceConfig{Correction: -1})
		}, c.name, "Correction is -1")

		inf, nan := math.Inf(1), math.NaN()
		for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
			one := at([]int{2, 1}, 5, nan)
			wantValues(t, eval(t, dt, single(over(withCorrection(c.op, 0, false), 1)), one), []int{2}, 0, nan)
			wantValues(t, eval(t, dt, single(over(withCorrection(c.op, 1, false), 1)), one), []int{2}, nan, nan)
			wantValues(t, eval(t, dt, single(over(withCorrection(c.op, 1, false), 0)), at([]int{1, 2}, 5, 6)), []int{2}, nan, nan)
			wantValues(t, eval(t, dt, single(over(withCorrection(c.op, 0, false), 0)), at([]int{0, 2})), []int{2}, nan, nan)
			wantValues(t, eval(t, dt, single(over(withCorrection(c.op, 0, false), 1)), at([]int{2, 2}, inf, 1, nan, 1)), []int{2}, nan, nan)
			wantValues(t, eval(t, dt, single(over(withCorrection(c.op, 0, false), 0)), at([]int{2, 2}, inf, 7, 1, 7)), []int{2}, nan, 0)
		}
	}
}

// Equal elements have a standard deviation of 0 and a gradient of 0.
func TestStdGradientAtZero(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	feeds := graph.Feeds{}
	x := input(s, feeds, "x", tensor.Float32, at([]int{2, 2}, 3, 3, 1, 5), true)
	d := graph.Gradients(s, gorgonia.Nodes{ops.Std(s, x, ops.VarianceConfig{Axes: []int{1}})}, gorgonia.Nodes{x}, nil)
	wantValues(t, run(t, g, feeds, d[0]).Tensor(0), []int{2, 2}, 0, 0, -0.5, 0.5)
}

// A mean of 1e4 does no harm in float32, along any path.
func TestVarianceOfLargeMean(t *testing.T) {
	for _, c := range []struct{ shape, axes []int }{
		{[]int{1000}, nil}, {[]int{1000, 70}, []int{0}}, {[]int{70, 1000}, []int{1}}, {[]int{50, 3, 40}, []int{0, 2}},
	} {
		x := values{c.shape, make([]float64, size(c.shape))}
		for i := range x.data {
			x.data[i] = float64(float32(1e4 + math.Sin(float64(i))))
		}
		_, _, want := reduced(x, c.axes, func(x []float64) float64 {
			mean, sum := total(x)/float64(len(x)), 0.0
			for _, v := range x {
				sum += (v - mean) * (v - mean)
			}
			return sum / float64(len(x))
		})
		for i, v := range floats(eval(t, tensor.Float32, single(over(withCorrection(ops.Variance, 0, false), c.axes...)), x)) {
			if math.Abs(v-want[i]) > 1e-6*want[i] {
				t.Fatalf("%v over %v: element %d is %v; want %v", c.shape, c.axes, i, v, want[i])
			}
		}
	}
}
