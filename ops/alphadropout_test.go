package ops_test

import (
	"math"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

// moments returns mean and variance.
func moments(x []float64) (mean, variance float64) {
	for _, v := range x {
		mean += v / float64(len(x))
	}
	for _, v := range x {
		variance += (v - mean) * (v - mean) / float64(len(x))
	}
	return mean, variance
}

// Standardised inputs keep mean 0 and variance 1, each element is kept or
// becomes SELU's limit before the affine map, and the gradient drops the same.
func TestAlphaDropoutKeepsMoments(t *testing.T) {
	const n = 200000
	const limit = -1.7580993408473766 // -scale*alpha
	for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		for _, rate := range []float64{.05, .3, .5, .9} {
			g := graph.New(graph.Config{Dtype: dtype, Seed: 12})
			s := g.Scope()
			x := ops.RandomNormal(s, 0, 1, ops.RandomConfig{}, n)
			y := ops.AlphaDropout(s, x, rate, graph.Const(s, true))
			dx := graph.Gradients(s, gorgonia.Nodes{y}, gorgonia.Nodes{x}, nil)[0]
			out := run(t, g, nil, x, y, dx)
			in, got, slope := floats(out.Tensor(0)), floats(out.Tensor(1)), floats(out.Tensor(2))
			mean, variance := moments(got)
			// About four standard deviations of the estimates.
			if math.Abs(mean) > 4/math.Sqrt(n) || math.Abs(variance-1) > 4*math.Sqrt(3./n) {
				t.Errorf("rate %v: mean %v, variance %v; want 0 and 1", rate, mean, variance)
			}
			q := 1 - rate
			a := 1 / math.Sqrt(q+limit*limit*q*rate)
			b := -a * rate * limit
			dropped := 0
			for i, v := range got {
				want, d := a*in[i]+b, a
				if slope[i] == 0 {
					want, d = a*limit+b, 0
					dropped++
				}
				if math.Abs(v-want) > 1e-6 || math.Abs(slope[i]-d) > 1e-6 {
					t.Fatalf("rate %v: %v becomes %v with gradient %v; want %v and %v", rate, in[i], v, slope[i], want, d)
				}
			}
			if math.Abs(float64(dropped)-n*rate) > 4*math.Sqrt(n*rate*q) {
				t.Errorf("rate %v drops %d of %d", rate, dropped, n)
			}
		}
	}
}

func TestAlphaDropoutGradients(t *testing.T) {
	for _, training := range []bool{true, false} {
		checkGradients(t, single(func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
			return ops.Square(s, ops.AlphaDropout(s, x, .4, graph.Const(s, training)))
		}), wave(1, .3, 4, 5))
	}
}

// What is dropped is a number even where it was none.
func TestAlphaDropoutOfNaN(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	x := graph.Placeholder(s, "x", tensor.Float32, -1)
	y := ops.AlphaDropout(s, x, .5, graph.Const(s, true))
	in := make([]float32, 400)
	for i := range in {
		in[i] = float32(math.NaN())
	}
	clean := 0
	for _, v := range run(t, g, graph.Feeds{x: in}, y).Float32s(0) {
		if v == v {
			clean++
		}
	}
	if clean < 140 || clean > 260 {
		t.Errorf("%d of 400 were dropped", clean)
	}
}
