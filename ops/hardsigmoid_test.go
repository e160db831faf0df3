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

func TestHardSigmoidGolden(t *testing.T) {
	checkGolden(t, "activations2", "HardSigmoid", func(s *graph.Scope, c golden.Case, in map[string]*gorgonia.Node) *gorgonia.Node {
		return ops.HardSigmoidWith(c.Param("slope"), c.Param("offset"))(s, in["x"])
	}, "x")
}

func TestHardSigmoidIsPyTorchs(t *testing.T) {
	wantValues(t, eval(t, tensor.Float64, single(ops.HardSigmoid), at([]int{5}, -4, -3, 0, 3, 4)), []int{5}, 0, 0, 0.5, 1, 1)
}

func TestHardSigmoidErrors(t *testing.T) {
	for _, p := range [][2]float64{{0, 0.5}, {-0.2, 0.5}, {math.NaN(), 0}, {0.2, math.Inf(1)}} {
		wantBuildError(t, func(s *graph.Scope) {
			ops.HardSigmoidWith(p[0], p[1])(s, graph.Placeholder(s, "x", tensor.Float32, -1, 3))
		}, "hard_sigmoid", "the slope is", "the offset")
	}
}

// The gradient goes by blocks: of many elements each has the one that it has alone, with NaN and infinities in dy and x.
func TestHardSigmoidGradientOfMany(t *testing.T) {
	const n = 1201
	x, dy, want := values{[]int{n}, make([]float64, n)}, values{[]int{n}, make([]float64, n)}, make([]float64, n)
	for i := range want {
		x.data[i], dy.data[i] = float64(i%13-6), float64(i%7+1)
		switch {
		case i%13 == 6 && i%5 == 0:
			x.data[i] = math.NaN()
			want[i] = math.NaN()
		case i%13 > 3 && i%13 < 9: // |x| < 2.5
			want[i] = dy.data[i] * 0.2
		case i%5 == 0:
			dy.data[i] = math.Inf(1) // outside, whatever comes is cut off
		}
	}
	g := graph.New(graph.Config{Dtype: tensor.Float64})
	s, feeds := g.Scope(), graph.Feeds{}
	in, seed := input(s, feeds, "x", tensor.Float64, x, true), input(s, feeds, "dy", tensor.Float64, dy, true)
	dx := graph.Gradients(s, gorgonia.Nodes{ops.HardSigmoidWith(0.2, 0.5)(s, in)}, gorgonia.Nodes{in}, gorgonia.Nodes{seed})[0]
	wantValues(t, run(t, g, feeds, dx).Tensor(0), []int{n}, want...)
}
