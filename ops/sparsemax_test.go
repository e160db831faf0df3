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

func TestSparsemaxGolden(t *testing.T) {
	checkGolden(t, "activations2", "Sparsemax", func(s *graph.Scope, c golden.Case, in map[string]*gorgonia.Node) *gorgonia.Node {
		return ops.Sparsemax(s, in["x"])
	}, "x")
}

func TestSparsemaxSpecialRows(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	x := at([]int{7, 3},
		0, 0, 0,
		-inf, 1, 1.5,
		5, -1000, 1000,
		inf, 1, 2,
		-inf, -inf, -inf,
		nan, 1, 2,
		1e-300, 0, -5)
	y := at([]int{7, 3},
		1./3, 1./3, 1./3,
		0, .25, .75,
		0, 0, 1,
		nan, nan, nan,
		nan, nan, nan,
		nan, nan, nan,
		.5, .5, 0)
	g := graph.New(graph.Config{Dtype: tensor.Float64})
	s := g.Scope()
	feeds := graph.Feeds{}
	in := input(s, feeds, "x", tensor.Float64, x, true)
	out := ops.Sparsemax(s, in)
	weights := graph.Const(s, []float64{1, 2, 4})
	dx := graph.Gradients(s, gorgonia.Nodes{ops.Mul(s, out, weights)}, gorgonia.Nodes{in}, nil)[0]
	got := run(t, g, feeds, out, dx)
	for i, v := range floats(got.Tensor(0)) {
		if w := y.data[i]; math.Abs(v-w) > 1e-15 || math.IsNaN(v) != math.IsNaN(w) {
			t.Errorf("element %d is %v; want %v", i, v, w)
		}
	}
	for i, w := range []float64{1 - 7./3, 2 - 7./3, 4 - 7./3, 0, -1, 1, 0, 0, 0, nan, nan, nan, nan, nan, nan, nan, nan, nan, -.5, .5, 0} {
		if v := floats(got.Tensor(1))[i]; math.Abs(v-w) > 1e-15 || math.IsNaN(v) != math.IsNaN(w) {
			t.Errorf("gradient %d is %v; want %v", i, v, w)
		}
	}
}

// The rows of large tensors add up to 1, however long they are and however many
// share the scratch memory of a goroutine.
func TestSparsemaxSums(t *testing.T) {
	for _, shape := range [][]int{{1, 1}, {3000, 2}, {7, 5000}, {500, 61}} {
		for _, scale := range []float64{0, 1e-4, 1, 50} {
			out := floats(eval(t, tensor.Float32, single(ops.Sparsemax), wave(scale, 3, shape...)))
			for r := 0; r < shape[0]; r++ {
				sum := 0.0
				for _, v := range out[r*shape[1] : (r+1)*shape[1]] {
					if v < 0 || v > 1 {
						t.Fatalf("%v: a probability is %v", shape, v)
					}
					sum += v
				}
				if math.Abs(sum-1) > 1e-4 {
					t.Fatalf("%v, scale %v: row %d adds up to %v", shape, scale, r, sum)
				}
			}
		}
	}
}

func TestSparsemaxErrors(t *testing.T) {
	wantBuildError(t, func(s *graph.Scope) { ops.Sparsemax(s, graph.Const(s, 1.0)) }, "sparsemax", "scalar", "[..., classes]")
}
