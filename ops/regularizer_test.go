package ops_test

import (
	"math"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

func TestRegularizers(t *testing.T) {
	long := wave(1, .1, 40003) // several chunks, and a rest
	var abs, squares float64
	for _, v := range long.data {
		abs += math.Abs(v)
		squares += v * v
	}
	cases := []struct {
		name   string
		r      ops.Regularizer
		w      values
		want   float64
		smooth bool
	}{
		{"l1", ops.L1(.5), at([]int{2, 2}, 1, -2, 3, -4), 5, true},
		{"l2", ops.L2(.5), at([]int{2, 2}, 1, -2, 3, -4), 7.5, true},
		{"l1 at 0", ops.L1(1), at([]int{2}, 0, -1), 1, false},
		{"l1 of nothing", ops.L1(1), at([]int{0, 3}), 0, false},
		{"l2 of nothing", ops.L2(1), at([]int{0, 3}), 0, false},
		{"l1, long", ops.L1(2), long, 2 * abs, false},
		{"l2, long", ops.L2(2), long, squares, false},
		{"l1 of infinity", ops.L1(1), at([]int{2}, math.Inf(-1), 1), math.Inf(1), false},
	}
	for _, c := range cases {
		for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
			g := graph.New(graph.Config{})
			s := g.Scope()
			feeds := graph.Feeds{}
			w := input(s, feeds, "w", dtype, c.w, true)
			loss := c.r(s, w)
			got := run(t, g, feeds, loss).Float(0)
			if got != c.want && !(math.Abs(got-c.want) <= 2e-6*math.Abs(c.want)) {
				t.Errorf("%s, %v: got %v; want %v", c.name, dtype, got, c.want)
			}
		}
		if c.smooth {
			checkGradients(t, single(func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
				return ops.Square(s, c.r(s, x)) // so that there is a second derivative
			}), c.w)
		}
	}
}

// The subgradient of |w| at 0 is 0.
func TestL1GradientAtZero(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	feeds := graph.Feeds{}
	w := input(s, feeds, "w", tensor.Float32, at([]int{3}, 0, 2, -3), false)
	dw := graph.Gradients(s, gorgonia.Nodes{ops.L1(.5)(s, w)}, gorgonia.Nodes{w}, nil)[0]
	wantValues(t, run(t, g, feeds, dw).Tensor(0), []int{3}, 0, .5, -.5)
}

func TestRegularizerOfScaleZero(t *testing.T) {
	s := graph.New(graph.Config{}).Scope()
	w := graph.Placeholder(s, "w", tensor.Float32, 3)
	if ops.L1(0)(s, w) != nil || ops.L2(0)(s, w) != nil {
		t.Error("a scale of 0 gives a loss")
	}
}

func TestRegularizerErrors(t *testing.T) {
	for name, r := range map[string]ops.Regularizer{"negative": ops.L1(-1), "NaN": ops.L2(math.NaN()), "infinite": ops.L1(math.Inf(1))} {
		t.Run(name, func(t *testing.T) {
			wantLayerError(t, func(s *graph.Scope) *gorgonia.Node {
				return r(s, graph.Placeholder(s, "w", tensor.Float32, 3))
			}, "scale", "regularizer")
		})
	}
	wantLayerError(t, func(s *graph.Scope) *gorgonia.Node {
		return ops.L2(1)(s, graph.Placeholder(s, "w", tensor.Int, 3))
	}, "int[3]", "float32 or float64")
}

func TestMaxNorm(t *testing.T) {
	cases := []struct {
		name       string
		constraint graph.Constraint
		w          values
		want       []float64
	}{
		{"columns", ops.MaxNorm(1), at([]int{2, 3}, 3, .3, 0, 4, .4, 0), []float64{.6, .3, 0, .8, .4, 0}},
		{"rows", ops.MaxNorm(5, 1), at([]int{2, 2}, 6, 8, 3, 4), []float64{3, 4, 3, 4}},
		{"negative axis", ops.MaxNorm(5, -1), at([]int{2, 2}, 6, 8, 3, 4), []float64{3, 4, 3, 4}},
		{"both axes", ops.MaxNorm(1, 0, 1), at([]int{2, 2}, 1, 1, 1, 1), []float64{.5, .5, .5, .5}},
		{"vector", ops.MaxNorm(1), at([]int{2}, 3, -4), []float64{.6, -.8}},
	}
	for _, c := range cases {
		g := graph.New(graph.Config{})
		s := g.Scope()
		feeds := graph.Feeds{}
		w := input(s, feeds, "w", tensor.Float32, c.w, false)
		near(t, c.name, floats(run(t, g, feeds, c.constraint(s, w)).Tensor(0)), 1e-6, c.want...)
	}
}
