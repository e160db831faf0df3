package ops_test

import (
	"fmt"
	"math"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

// Each element has its own probability; 0 is never and 1 always, in every dtype.
func TestBernoulli(t *testing.T) {
	p := []float64{0, 1e-3, 0.25, 0.5, 0.9, 1}
	const n = 20000
	for _, pt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		for _, dt := range []tensor.Dtype{{}, tensor.Float32, tensor.Float64, tensor.Int, tensor.Int32, tensor.Int64, tensor.Uint8, tensor.Bool} {
			t.Run(fmt.Sprint(pt, dt), func(t *testing.T) {
				g := graph.New(graph.Config{Seed: 2})
				y := ops.Bernoulli(g.Scope(), graph.ConstOf(g.Scope(), pt, p), ops.RandomConfig{Dtype: dt}, n, len(p))
				out := run(t, g, nil, y).Tensor(0)
				want := dt
				if dt.Type == nil {
					want = pt
				}
				wantValues(t, out, []int{n, len(p)})
				if out.Dtype() != want {
					t.Errorf("got %v; want %v", out.Dtype(), want)
				}
				x := floats(out)
				for k, p := range p {
					column := make([]float64, n)
					for i := range column {
						column[i] = x[i*6+k]
					}
					frequent(t, counted(column, 2), []float64{1 - p, p})
				}
			})
		}
	}
}

// Without a shape the result has the shape of p, also where that is unknown.
func TestBernoulliShapes(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	feeds := graph.Feeds{}
	p := input(s, feeds, "p", tensor.Float32, at([]int{2, 1}, 0, 1), true)
	none := input(s, feeds, "none", tensor.Float32, at([]int{0, 3}), true)
	out := run(t, g, feeds, ops.Bernoulli(s, p, ops.RandomConfig{}), ops.Bernoulli(s, p, ops.RandomConfig{}, 2, 3), ops.Bernoulli(s, none, ops.RandomConfig{}))
	wantValues(t, out.Tensor(0), []int{2, 1}, 0, 1)
	wantValues(t, out.Tensor(1), []int{2, 3}, 0, 0, 0, 1, 1, 1)
	wantValues(t, out.Tensor(2), []int{0, 3})
	wantRunError(t, g, feeds, ops.Bernoulli(s, p, ops.RandomConfig{}, 3, 4), "Bernoulli", "float32[2, 1]", "[3 4]")
}

func TestBernoulliErrors(t *testing.T) {
	for _, v := range []float64{-0.1, 1.5, math.NaN(), math.Inf(1)} {
		g := graph.New(graph.Config{})
		feeds := graph.Feeds{}
		p := input(g.Scope(), feeds, "p", tensor.Float64, at([]int{2}, 0.5, v), true)
		wantRunError(t, g, feeds, ops.Bernoulli(g.Scope(), p, ops.RandomConfig{}), "Bernoulli", "position 1", fmt.Sprint(v), "0 to 1")
	}
	for _, c := range []struct {
		p     interface{}
		cfg   ops.RandomConfig
		shape []int
		words []string
	}{
		{1, ops.RandomConfig{}, nil, []string{"int[]", "float32 or float64"}},
		{0.5, ops.RandomConfig{Dtype: tensor.Complex64}, nil, []string{"complex64"}},
		{[]float64{0.5, 0.5}, ops.RandomConfig{}, []int{2, 3}, []string{"float32[2]", "[2 3]"}},
		{[]float64{0.5, 0.5}, ops.RandomConfig{}, []int{1}, []string{"float32[2]", "[1]"}},
		{0.5, ops.RandomConfig{}, []int{-1}, []string{"axis 0"}},
	} {
		wantBuildError(t, func(s *graph.Scope) { ops.Bernoulli(s, graph.Const(s, c.p), c.cfg, c.shape...) }, "Bernoulli", c.words...)
	}
}
