package initializers_test

import (
	"math"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
)

func TestRandomDistributions(t *testing.T) {
	const remains = .87962566103423978
	cases := []struct {
		name         string
		init         graph.Initializer
		mean, stddev float64
		lo, hi       float64
	}{
		{"RandomUniform", initializers.RandomUniform(-1, 3), 1, 4 / math.Sqrt(12), -1, 3},
		{"RandomNormal", initializers.RandomNormal(2, .5), 2, .5, math.Inf(-1), math.Inf(1)},
		{"TruncatedNormal", initializers.TruncatedNormal(-1, 2), -1, 2 * remains, -5, 3},
	}
	for _, c := range cases {
		for _, dtype := range floats {
			t.Run(c.name+"/"+dtype.String(), func(t *testing.T) {
				mean, stddev, lo, hi := moments(trial{init: c.init, shape: tensor.Shape{200, 200}, dtype: dtype, seed: 5}.draw(t))
				if math.Abs(mean-c.mean) > meanErrors*c.stddev {
					t.Errorf("mean %v; want %v", mean, c.mean)
				}
				if math.Abs(stddev/c.stddev-1) > stddevErrors {
					t.Errorf("standard deviation %v; want %v", stddev, c.stddev)
				}
				if lo < c.lo || hi > c.hi {
					t.Errorf("draws lie in [%v, %v]; want within [%v, %v]", lo, hi, c.lo, c.hi)
				}
			})
		}
	}
}

func TestRandomDegenerate(t *testing.T) {
	for name, init := range map[string]graph.Initializer{
		"RandomUniform":   initializers.RandomUniform(1.5, 1.5),
		"RandomNormal":    initializers.RandomNormal(1.5, 0),
		"TruncatedNormal": initializers.TruncatedNormal(1.5, 0),
	} {
		for _, v := range (trial{init: init, shape: tensor.Shape{5}}).draw(t) {
			if v != 1.5 {
				t.Errorf("%s without spread gives %v; want 1.5", name, v)
			}
		}
	}
}

func TestRandomErrors(t *testing.T) {
	shape := tensor.Shape{3}
	trial{init: initializers.RandomUniform(1, 0), shape: shape}.wantError(t, "RandomUniform", "[1, 0)")
	trial{init: initializers.RandomUniform(0, math.Inf(1)), shape: shape}.wantError(t, "finite")
	trial{init: initializers.RandomUniform(-math.MaxFloat64, math.MaxFloat64), shape: shape}.wantError(t, "finite")
	trial{init: initializers.RandomNormal(0, -1), shape: shape}.wantError(t, "RandomNormal", "standard deviation -1")
	trial{init: initializers.RandomNormal(math.NaN(), 1), shape: shape}.wantError(t, "mean NaN")
	trial{init: initializers.TruncatedNormal(0, math.NaN()), shape: shape}.wantError(t, "TruncatedNormal")
	for _, init := range []graph.Initializer{initializers.RandomUniform(0, 1), initializers.He(), initializers.Orthogonal(1)} {
		_, err := trial{init: init, shape: tensor.Shape{3, 3}, dtype: tensor.Int64}.try()
		if err == nil {
			t.Errorf("%T drew integers", init)
		}
	}
}
