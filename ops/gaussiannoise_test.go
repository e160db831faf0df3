package ops_test

import (
	"math"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

func TestGaussianNoiseMoments(t *testing.T) {
	const n = 100000
	for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		g := graph.New(graph.Config{Dtype: dtype, Seed: 3})
		s := g.Scope()
		feeds := graph.Feeds{}
		x := input(s, feeds, "x", dtype, at([]int{1}, 5), true)
		wide := ops.Add(s, x, graph.Const(s, make([]float64, n)))
		on := graph.Const(s, true)
		noise := ops.GaussianNoise(s, wide, 0.5, on)
		dropout := ops.GaussianDropout(s, wide, 0.2, on)
		slopes := graph.Gradients(s, gorgonia.Nodes{noise, dropout}, gorgonia.Nodes{wide}, nil)[0]
		out := run(t, g, feeds, noise, dropout, slopes)
		for k, want := range []struct{ mean, variance float64 }{{5, 0.25}, {5, 25 * 0.25}, {2, 0.25}} {
			mean, variance := moments(floats(out.Tensor(k)))
			if math.Abs(mean-want.mean) > 4*math.Sqrt(want.variance/n) || math.Abs(variance/want.variance-1) > 4*math.Sqrt(2./n) {
				t.Errorf("%v: output %d has mean %v and variance %v; want %v", dtype, k, mean, variance, want)
			}
		}
		// The gradient of the dropout is its own noise.
		for i, v := range floats(out.Tensor(1))[:100] {
			if d := floats(out.Tensor(2))[i] - 1; math.Abs(v-5*d) > 1e-5 {
				t.Fatalf("element %d is %v with gradient %v", i, v, d)
			}
		}
	}
}

func TestNoiseGradients(t *testing.T) {
	for _, training := range []bool{true, false} {
		checkGradients(t, single(func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
			on := graph.Const(s, training)
			return ops.Square(s, ops.GaussianDropout(s, ops.GaussianNoise(s, x, .4, on), .3, on))
		}), wave(1, .3, 4, 5))
	}
}
