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

// The losses and their gradients are PyTorch's.
func TestRegularizersGolden(t *testing.T) {
	for op, r := range map[string]ops.Regularizer{
		"L1": ops.L1(.3), "L2": ops.L2(.3), "L1L2": ops.L1L2(.2, .4), "OrthogonalRegularizer": ops.OrthogonalRegularizer(.3),
	} {
		for _, c := range golden.Cases(t, "regularizers", op) {
			for dtype, rtol := range map[tensor.Dtype]float64{tensor.Float32: 2e-6, tensor.Float64: 1e-12} {
				g := graph.New(graph.Config{Dtype: dtype})
				s := g.Scope()
				feeds := graph.Feeds{}
				w := input(s, feeds, "w", dtype, values{c.In("x").Shape, c.In("x").Data}, false)
				loss := r(s, w)
				out := run(t, g, feeds, loss, graph.Gradients(s, gorgonia.Nodes{loss}, gorgonia.Nodes{w}, nil)[0])
				if err := golden.Close(out.Tensor(0), c.Out("y"), rtol, 0); err != nil {
					t.Errorf("%s, %v: loss: %v", c.Name, dtype, err)
				}
				if err := golden.Close(out.Tensor(1), c.Out("dx"), rtol, 4*rtol); err != nil {
					t.Errorf("%s, %v: gradient: %v", c.Name, dtype, err)
				}
			}
		}
	}
	for _, shape := range [][]int{{4, 3}, {2, 3}, {2, 1, 3}} {
		checkGradients(t, single(ops.L1L2(.5, .7)), wave(1, .1, shape...))

		g := graph.New(graph.Config{Dtype: tensor.Float64}) // the sizes must be known
		feeds := graph.Feeds{}
		w := input(g.Scope(), feeds, "w", tensor.Float64, wave(1, .1, shape...), false)
		if err := graph.CheckGradients(g, feeds, ops.OrthogonalRegularizer(.5)(g.Scope(), w), gorgonia.Nodes{w}, graph.CheckConfig{}); err != nil {
			t.Error(err)
		}
	}
}

// A part of scale 0 is left out, and an orthogonal kernel has no loss.
func TestRegularizerParts(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	feeds := graph.Feeds{}
	w := input(s, feeds, "w", tensor.Float32, at([]int{2, 2}, 0, -1, 1, 0), false)
	if ops.L1L2(0, 0)(s, w) != nil || ops.OrthogonalRegularizer(0)(s, w) != nil {
		t.Error("a scale of 0 gives a loss")
	}
	out := run(t, g, feeds, ops.L1L2(.5, 0)(s, w), ops.L1L2(0, .5)(s, w), ops.OrthogonalRegularizer(1)(s, w))
	for i, want := range []float64{1, .5, 0} {
		if got := out.Float(i); got != want {
			t.Errorf("loss %d: %v; want %v", i, got, want)
		}
	}
	for want, r := range map[string]ops.Regularizer{
		"the scale is -1": ops.OrthogonalRegularizer(-1), "the scale is NaN": ops.L1L2(math.NaN(), 0), "the scale is -2": ops.L1L2(1, -2),
	} {
		wantLayerError(t, func(s *graph.Scope) *gorgonia.Node {
			return r(s, graph.Placeholder(s, "w", tensor.Float32, 3, 3))
		}, want, "regularizer")
	}
	wantLayerError(t, func(s *graph.Scope) *gorgonia.Node {
		return ops.OrthogonalRegularizer(1)(s, graph.Placeholder(s, "w", tensor.Float32, 3))
	}, "float32[3]", "two or more axes")
}
