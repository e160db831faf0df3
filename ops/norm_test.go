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

var inf = math.Inf(1)

// normOf gives a norm the form of a reduction.
func normOf(p float64, keep bool) reduceOp {
	return func(s *graph.Scope, x *gorgonia.Node, axes ...int) *gorgonia.Node {
		if keep {
			return ops.NormKeep(s, x, p, axes...)
		}
		return ops.Norm(s, x, p, axes...)
	}
}

func order(c golden.Case) float64 {
	if p := c.Param("ord"); p > 0 {
		return p
	}
	return inf
}

func TestNorm(t *testing.T) {
	checkGolden(t, "statistics", "Norm", func(s *graph.Scope, c golden.Case, in map[string]*gorgonia.Node) *gorgonia.Node {
		return normOf(order(c), c.Param("keepDims") != 0)(s, in["x"], c.Axes...)
	}, "x")
	for _, p := range []float64{1, 2, 3, 0.7, inf} {
		checkReduceValues(t, "Norm", normOf(p, false), normOf(p, true), func(x []float64) float64 {
			sum, m := 0.0, 0.0
			for _, v := range x {
				sum += math.Pow(math.Abs(v), p)
				m = math.Max(m, math.Abs(v))
			}
			if p == inf {
				return m
			}
			return math.Pow(sum, 1/p)
		}, 2, 0.1, 1e-12)
		if p != 0.7 { // its gradient is steep near 0
			checkReduceGradients(t, "Norm", normOf(p, false), normOf(p, true), 0.8, 0.05)
		}
		checkReduceErrors(t, "Norm", normOf(p, false))

		for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
			nan := math.NaN()
			wantValues(t, eval(t, dt, single(over(normOf(p, false), 1)), at([]int{4, 2}, 0, 0, -3, 0, inf, 1, nan, 1)), []int{4}, 0, 3, inf, nan)
			wantValues(t, eval(t, dt, single(over(normOf(p, false), 1)), at([]int{2, 0})), []int{2}, 0, 0)
			wantValues(t, eval(t, dt, single(over(normOf(p, true))), at([]int{0, 3})), []int{1, 1}, 0)
			wantValues(t, eval(t, dt, single(over(normOf(p, false), 0)), at([]int{1, 2}, -7, 2)), []int{2}, 7, 2)
			wantValues(t, eval(t, dt, single(over(normOf(p, false))), at(nil, -7)), nil, 7)
		}
	}
	for _, p := range []float64{0, -1, math.NaN(), math.Inf(-1)} {
		wantBuildError(t, func(s *graph.Scope) {
			ops.Norm(s, graph.Placeholder(s, "x", tensor.Float32, 3), p)
		}, "Norm", "p is", "positive")
	}
}

// Powers do not leave the range when the norm does not.
func TestNormOfExtremes(t *testing.T) {
	for _, c := range []struct {
		dtype tensor.Dtype
		scale float64
	}{{tensor.Float32, 1 << 100}, {tensor.Float32, 1. / (1 << 100)}, {tensor.Float64, 1e300}, {tensor.Float64, 1e-300}} {
		for p, want := range map[float64]float64{1: 7, 2: 5, 4: math.Pow(337, 0.25), inf: 4} {
			got := floats(eval(t, c.dtype, single(over(normOf(p, false), 1)), at([]int{1, 2}, 3*c.scale, -4*c.scale)))[0]
			if math.Abs(got/c.scale-want) > 2e-7*want {
				t.Errorf("the %v-norm of (3, -4)*%v is %v; want %v", p, c.scale, got, want*c.scale)
			}
		}
	}
}

// Zeros, and elements that are 0, have a gradient of 0.
func TestNormGradientAtZero(t *testing.T) {
	for _, p := range []float64{1, 2, 3, 0.5, inf} {
		g := graph.New(graph.Config{})
		s := g.Scope()
		feeds := graph.Feeds{}
		x := input(s, feeds, "x", tensor.Float32, at([]int{2, 2}, 0, 0, -3, 0), true)
		d := graph.Gradients(s, gorgonia.Nodes{ops.Norm(s, x, p, 1)}, gorgonia.Nodes{x}, nil)
		wantValues(t, run(t, g, feeds, d[0]).Tensor(0), []int{2, 2}, 0, 0, -1, 0)
	}
}

func TestMatrixNorm(t *testing.T) {
	checkGolden(t, "statistics", "MatrixNorm", func(s *graph.Scope, c golden.Case, in map[string]*gorgonia.Node) *gorgonia.Node {
		return ops.MatrixNorm(s, in["x"], order(c))
	}, "x")
	for p, want := range map[float64]float64{1: 6, inf: 7} {
		op := func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.MatrixNorm(s, x, p) }
		wantValues(t, eval(t, tensor.Float32, single(op), at([]int{2, 2}, 1, -2, 3, 4)), nil, want)
		checkGradients(t, single(op), wave(2, 0.1, 2, 3, 2))
		wantBuildError(t, func(s *graph.Scope) {
			op(s, graph.Placeholder(s, "x", tensor.Float32, 3))
		}, "MatrixNorm", "float32[3]", "[..., m, n]")
	}
	wantBuildError(t, func(s *graph.Scope) {
		ops.MatrixNorm(s, graph.Placeholder(s, "x", tensor.Float32, 3, 3), 2)
	}, "MatrixNorm", "p is 2", "ops.Norm")
}
