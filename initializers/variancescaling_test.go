package initializers_test

import (
	"math"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
)

// Draws are functions of the seed, so these tests give the same result on every
// machine. With 40,000 draws and more, the standard error of the mean is below
// stddev/200 and that of the standard deviation below stddev/280; the bounds are
// four of them.
const (
	meanErrors   = 4.0 / 200
	stddevErrors = 4.0 / 280
)

// sigmas of the three distributions: where the extreme draws lie.
const (
	truncatedEnd = 2 / .87962566103423978 // 2 sigma of the normal before the cut
	uniformEnd   = 1.7320508075688772     // sqrt 3
)

func TestVarianceScaling(t *testing.T) {
	dense, convolution := tensor.Shape{500, 200}, tensor.Shape{3, 5, 40, 80}
	const convolutionIn, convolutionOut = 3 * 5 * 40, 3 * 5 * 80
	config := func(scale float64, mode initializers.Mode, d initializers.Distribution) graph.Initializer {
		return initializers.VarianceScaling(initializers.VarianceScalingConfig{Scale: scale, Mode: mode, Distribution: d})
	}
	const (
		truncated = initializers.TruncatedNormalDistribution
		normal    = initializers.NormalDistribution
		uniform   = initializers.UniformDistribution
	)
	cases := []struct {
		name     string
		init     graph.Initializer
		shape    tensor.Shape
		variance float64
		end      float64 // the largest possible |draw| in standard deviations
	}{
		{"default", config(0, 0, 0), dense, 1.0 / 500, truncatedEnd},
		{"scale 3, fan out", config(3, initializers.FanOut, truncated), dense, 3.0 / 200, truncatedEnd},
		{"fan avg, normal", config(1, initializers.FanAvg, normal), dense, 1.0 / 350, math.Inf(1)},
		{"fan in, uniform", config(2, initializers.FanIn, uniform), dense, 2.0 / 500, uniformEnd},
		{"convolution, fan in", config(1, initializers.FanIn, truncated), convolution, 1.0 / convolutionIn, truncatedEnd},
		{"convolution, fan out", config(1, initializers.FanOut, uniform), convolution, 1.0 / convolutionOut, uniformEnd},
		{"convolution, fan avg", config(1, initializers.FanAvg, normal), convolution, 2.0 / (convolutionIn + convolutionOut), math.Inf(1)},
		{"vector", config(1, initializers.FanIn, truncated), tensor.Shape{40000}, 1.0 / 40000, truncatedEnd},
		{"GlorotUniform", initializers.GlorotUniform(), dense, 2.0 / 700, uniformEnd},
		{"GlorotNormal", initializers.GlorotNormal(), dense, 2.0 / 700, truncatedEnd},
		{"He", initializers.He(), dense, 2.0 / 500, truncatedEnd},
		{"He of a convolution", initializers.He(), convolution, 2.0 / convolutionIn, truncatedEnd},
		{"HeUniform", initializers.HeUniform(), dense, 2.0 / 500, uniformEnd},
		{"LeCunNormal", initializers.LeCunNormal(), dense, 1.0 / 500, truncatedEnd},
		{"LeCunUniform", initializers.LeCunUniform(), dense, 1.0 / 500, uniformEnd},
	}
	for _, c := range cases {
		for _, dtype := range floats {
			t.Run(c.name+"/"+dtype.String(), func(t *testing.T) {
				mean, stddev, lo, hi := moments(trial{init: c.init, shape: c.shape, dtype: dtype, seed: 1}.draw(t))
				want := math.Sqrt(c.variance)
				if math.Abs(mean) > meanErrors*want {
					t.Errorf("mean %v; want 0 within %v", mean, meanErrors*want)
				}
				if math.Abs(stddev/want-1) > stddevErrors {
					t.Errorf("standard deviation %v; want %v within %.2g of it", stddev, want, stddevErrors)
				}
				end := c.end * want
				if lo < -end*(1+1e-6) || hi > end*(1+1e-6) {
					t.Errorf("draws lie in [%v, %v]; want within %v of 0", lo, hi, end)
				}
				if math.IsInf(end, 0) {
					if hi < 3.5*want || lo > -3.5*want {
						t.Errorf("draws lie in [%v, %v]: they seem to be cut off", lo, hi)
					}
				} else if hi < .99*end || lo > -.99*end {
					t.Errorf("draws lie in [%v, %v]; want them to reach %v", lo, hi, end)
				}
			})
		}
	}
}

func TestDrawsDependOnSeedAndName(t *testing.T) {
	base := trial{init: initializers.He(), shape: tensor.Shape{8, 5}, name: "a/kernel", seed: 7}
	first := base.draw(t)
	differ := func(what string, c trial) {
		t.Helper()
		for i, v := range c.draw(t) {
			if v == first[i] {
				t.Errorf("%s: element %d is %v again", what, i, v)
			}
		}
	}
	for i, v := range base.draw(t) {
		if math.Float64bits(v) != math.Float64bits(first[i]) {
			t.Errorf("the same seed gives %v, then %v", first[i], v)
		}
	}
	other := base
	other.seed = 8
	differ("another seed", other)
	other = base
	other.name = "b/kernel"
	differ("another name", other)
}

func TestInitAgainDrawsAnew(t *testing.T) {
	g := graph.New(graph.Config{})
	w := graph.Variable(g.Scope(), "w", tensor.Shape{4}, graph.VariableConfig{Initializer: initializers.RandomUniform(0, 1)})
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer sess.Close()
	var seen []float32
	for range 2 {
		if err := sess.Init(w); err != nil {
			t.Fatal(err)
		}
		v, err := sess.Value(w)
		if err != nil {
			t.Fatal(err)
		}
		seen = append(seen, v.Data().([]float32)...)
	}
	if seen[0] == seen[4] {
		t.Errorf("Init of a named variable gave %v twice", seen[0])
	}
}

func TestInitialValueOfAnotherVariable(t *testing.T) {
	g := graph.New(graph.Config{Seed: 3})
	s := g.Scope()
	// The dependent variable comes first, so that it is not right by chance.
	placeholder := graph.Variable(s, "w", tensor.Shape{3, 2}, graph.VariableConfig{Initializer: initializers.He()})
	twin := graph.Variable(s, "a_twin", tensor.Shape{3, 2}, graph.VariableConfig{Initializer: graph.InitialValue(graph.Identity(s, placeholder))})
	wrong := graph.New(graph.Config{})
	v := graph.Variable(wrong.Scope(), "v", tensor.Shape{2}, graph.VariableConfig{Initializer: initializers.Ones()})
	graph.Variable(wrong.Scope(), "u", tensor.Shape{3}, graph.VariableConfig{Initializer: graph.InitialValue(v)})

	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer sess.Close()
	if err := sess.Init(twin); err != nil { // initialises what it depends on
		t.Fatal(err)
	}
	values, err := sess.Values(placeholder, twin)
	if err != nil {
		t.Fatal(err)
	}
	a, b := values[0].Data().([]float32), values[1].Data().([]float32)
	for i := range a {
		if a[i] != b[i] || a[i] == 0 {
			t.Fatalf("w is %v, its twin %v", a, b)
		}
	}

	bad, err := graph.NewSession(wrong, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer bad.Close()
	if err := bad.Init(); err == nil {
		t.Error("an initial value of another shape was taken")
	}
}

func TestVarianceScalingErrors(t *testing.T) {
	shape := tensor.Shape{3, 2}
	config := func(cfg initializers.VarianceScalingConfig) trial {
		return trial{init: initializers.VarianceScaling(cfg), shape: shape}
	}
	config(initializers.VarianceScalingConfig{Scale: -1}).wantError(t, "scale -1", "positive")
	config(initializers.VarianceScalingConfig{Scale: math.NaN()}).wantError(t, "scale NaN")
	config(initializers.VarianceScalingConfig{Scale: math.Inf(1)}).wantError(t, "scale +Inf")
	config(initializers.VarianceScalingConfig{Mode: 7}).wantError(t, "Mode(7)", "FanAvg")
	config(initializers.VarianceScalingConfig{Distribution: -2}).wantError(t, "Distribution(-2)", "UniformDistribution")
}

func TestVarianceScalingOfEmptyAndScalar(t *testing.T) {
	if v := (trial{init: initializers.He(), shape: tensor.Shape{0, 5}}).draw(t); len(v) != 0 {
		t.Errorf("an empty kernel got %v", v)
	}
	if v := (trial{init: initializers.LeCunUniform()}).draw(t); len(v) != 1 || math.Abs(v[0]) > uniformEnd {
		t.Errorf("a scalar got %v", v)
	}
	zero := trial{init: initializers.VarianceScaling(initializers.VarianceScalingConfig{Scale: graph.Zero}), shape: tensor.Shape{2}}
	if v := zero.draw(t); v[0] != 0 || v[1] != 0 {
		t.Errorf("scale graph.Zero gives %v", v)
	}
}
