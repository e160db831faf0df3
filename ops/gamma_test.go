package ops_test

import (
	"fmt"
	"math"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

// The distribution functions of some shape parameters are elementary.
func TestRandomGammaDistribution(t *testing.T) {
	for _, c := range []struct {
		alpha float64
		cdf   func(x float64) float64 // at rate 1
	}{
		{0.5, func(x float64) float64 { return math.Erf(math.Sqrt(x)) }},
		{1, func(x float64) float64 { return -math.Expm1(-x) }},
		{1.5, func(x float64) float64 { return math.Erf(math.Sqrt(x)) - 2*math.Sqrt(x/math.Pi)*math.Exp(-x) }},
		{3, func(x float64) float64 { return 1 - math.Exp(-x)*(1+x+x*x/2) }},
	} {
		for _, beta := range []float64{0, 0.25} {
			for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
				t.Run(fmt.Sprint(c.alpha, beta, dt), func(t *testing.T) {
					g := graph.New(graph.Config{Seed: 5, Dtype: dt})
					s := g.Scope()
					rate := 1.0
					y := ops.RandomGamma(s, graph.Const(s, c.alpha), nil, ops.RandomConfig{}, 40000)
					if beta > 0 {
						rate = beta
						y = ops.RandomGamma(s, graph.Const(s, c.alpha), graph.Const(s, beta), ops.RandomConfig{}, 40000)
					}
					follows(t, floats(run(t, g, nil, y).Tensor(0)), func(x float64) float64 { return c.cdf(x * rate) })
				})
			}
		}
	}
}

// The mean is alpha/beta for each element of parameters that are broadcast.
func TestRandomGammaBroadcast(t *testing.T) {
	alpha, beta := []float64{0.3, 2, 50}, []float64{1, 10}
	const n = 20000
	g := graph.New(graph.Config{Seed: 6})
	s := g.Scope()
	feeds := graph.Feeds{}
	a := input(s, feeds, "alpha", tensor.Float32, at([]int{3, 1}, alpha...), true)
	b := input(s, feeds, "beta", tensor.Float32, at([]int{2}, beta...), true)
	out := run(t, g, feeds, ops.RandomGamma(s, a, b, ops.RandomConfig{}, n, 3, 2), ops.RandomGamma(s, a, b, ops.RandomConfig{}))
	wantValues(t, out.Tensor(0), []int{n, 3, 2})
	wantValues(t, out.Tensor(1), []int{3, 2})
	x := floats(out.Tensor(0))
	for i, a := range alpha {
		for j, b := range beta {
			mean := 0.0
			for k := range n {
				mean += x[k*6+i*2+j] / n
			}
			if e := 5 * math.Sqrt(a) / b / math.Sqrt(n); math.Abs(mean-a/b) > e {
				t.Errorf("alpha %v and beta %v: the mean is %v; want %v +- %v", a, b, mean, a/b, e)
			}
		}
	}
}

// A tiny shape parameter gives numbers that are mostly too small: never NaN.
func TestRandomGammaOfTinyAlpha(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	for _, v := range floats(run(t, g, nil, ops.RandomGamma(s, graph.Const(s, 1e-4), nil, ops.RandomConfig{}, 1000)).Tensor(0)) {
		if !(v >= 0) || math.IsInf(v, 0) {
			t.Fatalf("drew %v", v)
		}
	}
}

func TestRandomGammaErrors(t *testing.T) {
	for _, v := range []float64{0, -1, math.NaN(), math.Inf(1)} {
		for k, name := range []string{"alpha", "beta"} {
			g := graph.New(graph.Config{})
			s := g.Scope()
			feeds := graph.Feeds{}
			p := [][]float64{{1, 1}, {1, 1}}
			p[k][1] = v
			a := input(s, feeds, "a", tensor.Float32, at([]int{2}, p[0]...), true)
			b := input(s, feeds, "b", tensor.Float32, at([]int{2}, p[1]...), true)
			wantRunError(t, g, feeds, ops.RandomGamma(s, a, b, ops.RandomConfig{}), "RandomGamma", name, "position 1", fmt.Sprint(v))
		}
	}
	f64 := func(s *graph.Scope) ops.RandomConfig { return ops.RandomConfig{Dtype: tensor.Float64} }
	wantBuildError(t, func(s *graph.Scope) { ops.RandomGamma(s, graph.Const(s, 1.0), nil, f64(s), 2) }, "RandomGamma", "float64", "float32[]")
	wantBuildError(t, func(s *graph.Scope) { ops.RandomGamma(s, graph.Const(s, 1), nil, ops.RandomConfig{}, 2) }, "RandomGamma", "int[]")
	wantBuildError(t, func(s *graph.Scope) {
		ops.RandomGamma(s, graph.Const(s, 1.0), graph.ConstOf(s, tensor.Float64, 1.0), ops.RandomConfig{}, 2)
	}, "RandomGamma", "float64[]", "one float dtype")
	wantBuildError(t, func(s *graph.Scope) {
		ops.RandomGamma(s, graph.Const(s, []float64{1, 2}), graph.Const(s, []float64{1, 2, 3}), ops.RandomConfig{})
	}, "RandomGamma", "float32[3]", "[2]")
}
