package ops_test

import (
	"fmt"
	"math"
	"runtime"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

// randoms are the random ops with the moments and the range of what they draw.
var randoms = []struct {
	name         string
	draw         func(s *graph.Scope, cfg ops.RandomConfig, shape ...int) *gorgonia.Node
	mean, stddev float64
	lo, hi       float64
}{
	{"RandomUniform", func(s *graph.Scope, cfg ops.RandomConfig, shape ...int) *gorgonia.Node {
		return ops.RandomUniform(s, -1, 3, cfg, shape...)
	}, 1, 4 / math.Sqrt(12), -1, 3},
	{"RandomNormal", func(s *graph.Scope, cfg ops.RandomConfig, shape ...int) *gorgonia.Node {
		return ops.RandomNormal(s, 2, 0.5, cfg, shape...)
	}, 2, 0.5, -1, 5},
	{"TruncatedNormal", func(s *graph.Scope, cfg ops.RandomConfig, shape ...int) *gorgonia.Node {
		return ops.TruncatedNormal(s, 2, 0.5, cfg, shape...)
	}, 2, 0.5 * 0.87962566103423978, 1, 3},
	{"Bernoulli", func(s *graph.Scope, cfg ops.RandomConfig, shape ...int) *gorgonia.Node {
		return ops.Bernoulli(s, parameter(s, cfg, 0.3), cfg, shape...)
	}, 0.3, math.Sqrt(0.3 * 0.7), 0, 1.5},
	{"RandomGamma", func(s *graph.Scope, cfg ops.RandomConfig, shape ...int) *gorgonia.Node {
		return ops.RandomGamma(s, parameter(s, cfg, 2.5), parameter(s, cfg, 2), cfg, shape...)
	}, 1.25, math.Sqrt(2.5) / 2, 0, math.Inf(1)},
}

// parameter makes a constant of the dtype that a draw is to have.
func parameter(s *graph.Scope, cfg ops.RandomConfig, v float64) *gorgonia.Node {
	if cfg.Dtype.Type == nil {
		return graph.Const(s, v)
	}
	return graph.ConstOf(s, cfg.Dtype, v)
}

func TestRandomMoments(t *testing.T) {
	const n = 60000
	for _, r := range randoms {
		for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
			t.Run(fmt.Sprint(r.name, dt), func(t *testing.T) {
				g := graph.New(graph.Config{Seed: 7})
				got := run(t, g, nil, r.draw(g.Scope(), ops.RandomConfig{Dtype: dt}, n/10, 10)).Tensor(0)
				wantValues(t, got, []int{n / 10, 10})
				if got.Dtype() != dt {
					t.Errorf("got %v; want %v", got.Dtype(), dt)
				}
				x := floats(got)
				mean := total(x) / n
				variance := 0.0
				for _, v := range x {
					variance += (v - mean) * (v - mean) / n
					if v < r.lo || v >= r.hi {
						t.Fatalf("%v is outside [%v, %v)", v, r.lo, r.hi)
					}
				}
				// Five standard errors.
				if e := 5 * r.stddev / math.Sqrt(n); math.Abs(mean-r.mean) > e {
					t.Errorf("the mean is %v; want %v +- %v", mean, r.mean, e)
				}
				if math.Abs(math.Sqrt(variance)-r.stddev) > 0.015*r.stddev {
					t.Errorf("the standard deviation is %v; want %v", math.Sqrt(variance), r.stddev)
				}
			})
		}
	}
}

// Each Run draws anew, once for all consumers; a session that begins again
// draws the same; so does any number of workers.
func TestRandomDraws(t *testing.T) {
	for _, r := range randoms {
		g := graph.New(graph.Config{Seed: 3})
		s := g.Scope()
		x := r.draw(s, ops.RandomConfig{}, 20000)
		twice := ops.Sub(s, ops.Add(s, x, graph.Const(s, 1.0)), x)
		other := r.draw(s, ops.RandomConfig{}, 20000)
		var runs [2][][]float64
		for k := range runs {
			before := runtime.GOMAXPROCS(1 + 3*k)
			sess, err := graph.NewSession(g, graph.SessionConfig{})
			if err != nil {
				t.Fatal(err)
			}
			if err := sess.Init(); err != nil {
				t.Fatal(err)
			}
			for i := 0; i < 2; i++ {
				out, err := sess.Run(nil, x, other, twice)
				if err != nil {
					t.Fatal(err)
				}
				for _, v := range floats(out.Tensor(2)) {
					if math.Abs(v-1) > 1e-6 {
						t.Fatalf("%s: two consumers saw different draws", r.name)
					}
				}
				runs[k] = append(runs[k], floats(out.Tensor(0)), floats(out.Tensor(1)))
			}
			sess.Close()
			runtime.GOMAXPROCS(before)
		}
		if fmt.Sprint(runs[0]) != fmt.Sprint(runs[1]) {
			t.Errorf("%s: two sessions, with one worker and with four, drew different numbers", r.name)
		}
		for i, a := range runs[0] {
			for _, b := range runs[0][:i] {
				if fmt.Sprint(a[:64]) == fmt.Sprint(b[:64]) {
					t.Errorf("%s: two Runs or two nodes drew the same numbers", r.name)
				}
			}
		}
	}
}

// An op-level seed, which may be 0, stands in for the graph's and the name.
func TestRandomSeed(t *testing.T) {
	zero, one := int64(0), int64(1)
	for _, r := range randoms {
		first := map[string]string{}
		for _, graphSeed := range []int64{0, 5} {
			g := graph.New(graph.Config{Seed: graphSeed})
			s := g.Scope()
			plain := r.draw(s, ops.RandomConfig{}, 64)
			a, b, c := r.draw(s, ops.RandomConfig{Seed: &zero}, 64), r.draw(s, ops.RandomConfig{Seed: &zero}, 64), r.draw(s, ops.RandomConfig{Seed: &one}, 64)
			out := run(t, g, nil, plain, a, b, c)
			drawn := make([]string, len(out))
			for i := range out {
				drawn[i] = fmt.Sprint(floats(out.Tensor(i)))
			}
			first[fmt.Sprint("plain", graphSeed)] = drawn[0]
			first[fmt.Sprint("seed 0 in graph ", graphSeed)] = drawn[1]
			if drawn[1] != drawn[2] || drawn[1] == drawn[3] || drawn[1] == drawn[0] {
				t.Errorf("%s: seeds none, 0, 0, 1 drew %v", r.name, drawn)
			}
		}
		if first["seed 0 in graph 0"] != first["seed 0 in graph 5"] || first["plain0"] == first["plain5"] {
			t.Errorf("%s: %v", r.name, first)
		}
	}
}

// Element i is the same whatever stands beside it.
func TestRandomElementsAreIndependentOfTheSize(t *testing.T) {
	seed := int64(11)
	for _, r := range randoms {
		g := graph.New(graph.Config{})
		out := run(t, g, nil, r.draw(g.Scope(), ops.RandomConfig{Seed: &seed}, 7), r.draw(g.Scope(), ops.RandomConfig{Seed: &seed}, 3, 9999))
		if few, many := floats(out.Tensor(0)), floats(out.Tensor(1))[:7]; fmt.Sprint(few) != fmt.Sprint(many) {
			t.Errorf("%s: %v begins the small tensor and %v the large one", r.name, few, many)
		}
	}
}

func TestRandomShapes(t *testing.T) {
	for _, r := range randoms {
		g := graph.New(graph.Config{Dtype: tensor.Float64})
		s := g.Scope()
		out := run(t, g, nil, r.draw(s, ops.RandomConfig{}), r.draw(s, ops.RandomConfig{}, 0, 3), r.draw(s, ops.RandomConfig{}, 2, 3))
		wantValues(t, out.Tensor(0), nil)
		wantValues(t, out.Tensor(1), []int{0, 3})
		wantValues(t, out.Tensor(2), []int{2, 3})
		if dt := out.Tensor(0).Dtype(); dt != tensor.Float64 {
			t.Errorf("%s: got %v; want the graph's float64", r.name, dt)
		}
	}
	g := graph.New(graph.Config{})
	out := run(t, g, nil, ops.RandomNormal(g.Scope(), 4, 0, ops.RandomConfig{}, 2))
	wantValues(t, out.Tensor(0), []int{2}, 4, 4)
}

// A gradient ends at a draw.
func TestRandomStopsGradients(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	x := graph.Placeholder(s, "x", tensor.Float32, 3)
	y := ops.Mul(s, x, ops.RandomUniform(s, 0, 1, ops.RandomConfig{}, 3))
	if d := graph.Gradients(s, gorgonia.Nodes{y}, gorgonia.Nodes{x}, nil); d[0] == nil || g.Err() != nil {
		t.Errorf("got gradient %v, error %v", d[0], g.Err())
	}
}

func TestRandomErrors(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range []struct {
		name  string
		build func(s *graph.Scope)
		words []string
	}{
		{"RandomUniform", func(s *graph.Scope) { ops.RandomUniform(s, 1, 1, ops.RandomConfig{}, 2) }, []string{"[1, 1)", "lo < hi"}},
		{"RandomUniform", func(s *graph.Scope) { ops.RandomUniform(s, nan, 1, ops.RandomConfig{}, 2) }, []string{"NaN"}},
		{"RandomUniform", func(s *graph.Scope) { ops.RandomUniform(s, 0, inf, ops.RandomConfig{}, 2) }, []string{"finite"}},
		{"RandomUniform", func(s *graph.Scope) { ops.RandomUniform(s, 0, 1, ops.RandomConfig{}, -1, 2) }, []string{"[-1 2]", "axis 0"}},
		{"RandomNormal", func(s *graph.Scope) { ops.RandomNormal(s, 0, -1, ops.RandomConfig{}, 2) }, []string{"stddev -1"}},
		{"RandomUniform", func(s *graph.Scope) { ops.RandomUniformLike(s, 1, 1, ops.RandomConfig{}, graph.Const(s, 0.5)) }, []string{"[1, 1)"}},
		{"RandomNormal", func(s *graph.Scope) { ops.RandomNormalLike(s, 0, nan, ops.RandomConfig{}, graph.Const(s, 0.5)) }, []string{"stddev NaN"}},
		{"RandomUniform", func(s *graph.Scope) { ops.RandomUniformLike(s, 0, 1, ops.RandomConfig{}, nil) }, []string{"nil"}},
		{"RandomNormal", func(s *graph.Scope) { ops.RandomNormal(s, inf, 1, ops.RandomConfig{}, 2) }, []string{"finite"}},
		{"RandomNormal", func(s *graph.Scope) { ops.RandomNormal(s, 0, 1, ops.RandomConfig{Dtype: tensor.Int}, 2) }, []string{"int", "float32 or float64"}},
	} {
		wantBuildError(t, c.build, c.name, c.words...)
	}
}
