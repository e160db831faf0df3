package schedule_test

import (
	"math"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training/schedule"
)

// The noise of many draws has mean 0 and the variance of the formula, and is the
// same for the same seed. At is the rate without it.
func TestNoisyLinearCosine(t *testing.T) {
	const n = 2000
	cfg := schedule.NoisyLinearCosineConfig{Initial: 2, DecaySteps: 40, InitialVariance: 0.5, Alpha: 0.1}
	quiet := schedule.LinearCosineConfig{Initial: 2, DecaySteps: 40, Alpha: 0.1}
	draw := func(seed, at int64) []float64 {
		g := graph.New(graph.Config{Seed: seed, Dtype: tensor.Float64})
		step := graph.Placeholder(g.Scope(), "step", tensor.Int64)
		rate := schedule.NoisyLinearCosine(g.Scope(), step, cfg)
		sess := open(t, g)
		rates := make([]float64, n)
		for i := range rates {
			rates[i] = run(t, sess, graph.Feeds{step: at}, rate).Float(0)
		}
		return rates
	}
	for _, at := range []int64{0, 5, 30} {
		rates, again, other := draw(7, at), draw(7, at), draw(8, at)
		x := float64(at) / 40
		wave := 0.5 * (1 + math.Cos(math.Pi*x))
		sum, squares, same := 0.0, 0.0, 0
		for i, r := range rates {
			if r != again[i] {
				t.Fatalf("step %d, draw %d: %v and %v with one seed", at, i, r, again[i])
			}
			if r == other[i] {
				same++
			}
			noise := (r/2-0.001)/wave - (0.1 + 1 - x)
			sum, squares = sum+noise, squares+noise*noise
		}
		variance := 0.5 / math.Pow(1+float64(at), 0.55)
		// Five standard errors of the mean and of the variance, for a seed that is fixed.
		if math.Abs(sum/n) > 5*math.Sqrt(variance/n) || math.Abs(squares/n-variance) > 5*variance*math.Sqrt(2.0/n) || same > 0 {
			t.Errorf("step %d: mean %v, variance %v; want 0 and %v; %d draws are those of another seed", at, sum/n, squares/n, variance, same)
		}
		if got, want := cfg.At(at), quiet.At(at); got != want {
			t.Errorf("step %d: At is %v; without noise it is %v", at, got, want)
		}
	}
	if end := draw(7, 1000); end[0] != end[1] || math.Abs(end[0]-2*0.001) > 1e-15 {
		t.Errorf("after the decay the rates are %v, %v; want Initial*Beta, where the cosine is 0", end[0], end[1])
	}
}
