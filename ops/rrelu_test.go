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

// Outside training RReLU has the mean slope, whether training is nil, constant
// or fed.
func TestRReLUGolden(t *testing.T) {
	for _, form := range []string{"nil", "constant", "default"} {
		t.Run(form, func(t *testing.T) {
			checkGolden(t, "activations", "RReLU", func(s *graph.Scope, c golden.Case, in map[string]*gorgonia.Node) *gorgonia.Node {
				var training *gorgonia.Node
				switch form {
				case "constant":
					training = graph.Const(s, false)
				case "default":
					training = graph.PlaceholderWithDefault(s, "training", false)
				}
				return ops.RReLU(s, in["x"], c.Param("lower"), c.Param("upper"), training)
			}, "x")
		})
	}
}

// In training each negative element has a slope of its own in [lower, upper),
// new in every Run, and the gradient has the same ones.
func TestRReLUTraining(t *testing.T) {
	const n, lower, upper = 20000, 0.125, 0.375
	g := graph.New(graph.Config{Seed: 5})
	s := g.Scope()
	x := graph.Placeholder(s, "x", tensor.Float32, -1)
	training := graph.PlaceholderWithDefault(s, "training", false)
	y := ops.RReLU(s, x, lower, upper, training)
	dx := graph.Gradients(s, gorgonia.Nodes{y}, gorgonia.Nodes{x}, nil)[0]
	sess := sessionOn(t, g)
	in := make([]float32, n)
	for i := range in {
		in[i] = float32(1 - 2*(i%2)) // 1, -1, 1, -1, ...
	}
	slopes := func() []float64 {
		out, err := sess.Run(graph.Feeds{x: in, training: true}, y, dx)
		if err != nil {
			t.Fatal(err)
		}
		var found []float64
		mean := 0.0
		for i, v := range out.Float32s(0) {
			d := out.Float32s(1)[i]
			if in[i] > 0 {
				if v != 1 || d != 1 {
					t.Fatalf("a positive element gives %v, with gradient %v", v, d)
				}
				continue
			}
			if -v != d {
				t.Fatalf("element %d: slope %v forward, %v in the gradient", i, -v, d)
			}
			if d < lower || d >= upper {
				t.Fatalf("slope %v is outside [%v, %v)", d, lower, upper)
			}
			found = append(found, float64(d))
			mean += float64(d) / (n / 2)
		}
		// The mean of 10,000 uniform draws from a range of 0.25 has a standard deviation of 0.0007.
		if math.Abs(mean-0.25) > 0.004 {
			t.Errorf("the slopes have mean %v; want about 0.25", mean)
		}
		return found
	}
	a, b := slopes(), slopes()
	same := 0
	for i := range a {
		if a[i] == b[i] {
			same++
		}
	}
	if same > len(a)/100 {
		t.Errorf("%d of %d slopes are equal in two Runs", same, len(a))
	}
}

// A Run that is not training draws nothing: the counter of draws stands still.
func TestRReLUDrawsOnlyInTraining(t *testing.T) {
	g := graph.New(graph.Config{Seed: 5})
	s := g.Scope()
	x := graph.Placeholder(s, "x", tensor.Float32, -1)
	training := graph.PlaceholderWithDefault(s, "training", false)
	y := ops.RReLU(s, x, 0.1, 0.4, training)
	feeds := func(on bool) graph.Feeds { return graph.Feeds{x: []float32{-1, -2, -3}, training: on} }
	draw := func(sess *graph.Session, on bool) string {
		t.Helper()
		out, err := sess.Run(feeds(on), y)
		if err != nil {
			t.Fatal(err)
		}
		return string(appendBits(nil, out.Float32s(0)))
	}
	quiet, busy := sessionOn(t, g), sessionOn(t, g)
	for range 3 {
		draw(busy, false)
	}
	if a, b := draw(quiet, true), draw(busy, true); a != b {
		t.Errorf("inference moved the generator on")
	}
	if a, b := draw(quiet, true), draw(quiet, true); a == b {
		t.Errorf("two training Runs drew the same slopes")
	}
}

func appendBits(to []byte, x []float32) []byte {
	for _, v := range x {
		b := math.Float32bits(v)
		to = append(to, byte(b), byte(b>>8), byte(b>>16), byte(b>>24))
	}
	return to
}

// With the draw held fixed, as CheckGradients does, RReLU is differentiable in
// training too.
func TestRReLUTrainingGradients(t *testing.T) {
	g := graph.New(graph.Config{Dtype: tensor.Float64})
	s := g.Scope()
	feeds := graph.Feeds{}
	x := input(s, feeds, "x", tensor.Float64, awayFromZero(3, 4), true)
	training := graph.PlaceholderWithDefault(s, "training", true)
	y := ops.RReLU(s, x, 0.125, 0.375, training)
	if err := graph.CheckGradients(g, feeds, y, gorgonia.Nodes{x}, graph.CheckConfig{}); err != nil {
		t.Fatal(err)
	}
}

func TestRReLUErrors(t *testing.T) {
	for _, bounds := range [][2]float64{{0.4, 0.1}, {math.NaN(), 1}, {0, math.Inf(1)}} {
		wantBuildError(t, func(s *graph.Scope) {
			ops.RReLU(s, graph.Placeholder(s, "x", tensor.Float32, -1), bounds[0], bounds[1], nil)
		}, "rrelu", "want lower <= upper")
	}
	wantBuildError(t, func(s *graph.Scope) {
		x := graph.Placeholder(s, "x", tensor.Float32, -1)
		ops.RReLU(s, x, 0.1, 0.4, x)
	}, "Cond", "scalar bool", "float32[?]")
	wantBuildError(t, func(s *graph.Scope) {
		ops.RReLU(s, graph.Placeholder(s, "x", tensor.Int64, -1), 0.1, 0.4, graph.Const(s, true))
	}, "rrelu", "int64[?]", "float32 or float64")
}
