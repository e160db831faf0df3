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

func ones(shape ...int) values {
	v := wave(0, 1, shape...)
	return v
}

func TestDropoutShareAndScale(t *testing.T) {
	for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		for _, rate := range []float64{.5, .1, .9, .25} {
			g := graph.New(graph.Config{Seed: 11})
			s := g.Scope()
			feeds := graph.Feeds{}
			const n = 200 * 300
			x := input(s, feeds, "x", dtype, ones(200, 300), true)
			y := ops.Dropout(s, x, rate, graph.Const(s, true))
			dropped := 0
			for i, v := range floats(run(t, g, feeds, y).Tensor(0)) {
				switch {
				case v == 0:
					dropped++
				case math.Abs(v*(1-rate)-1) > 1e-6:
					t.Fatalf("rate %v: element %d is %v; want 0 or %v", rate, i, v, 1/(1-rate))
				}
			}
			deviation := math.Sqrt(n * rate * (1 - rate))
			if math.Abs(float64(dropped)-n*rate) > 4*deviation { // the seed is fixed: no chance failure
				t.Errorf("rate %v drops %d of %d", rate, dropped, n)
			}
		}
	}
}

func TestDropoutModes(t *testing.T) {
	x := wave(1, 0, 3, 4)
	modes := map[string]func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node{
		"nil": func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.Dropout(s, x, .5, nil) },
		"constant": func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
			return ops.Dropout(s, x, .5, graph.Const(s, false))
		},
		"default": func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
			return ops.Dropout(s, x, .5, graph.PlaceholderWithDefault(s, "training", false))
		},
		"rate 0": func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
			return ops.Dropout(s, x, 0, graph.Const(s, true))
		},
	}
	for name, build := range modes {
		t.Run(name, func(t *testing.T) {
			wantValues(t, eval(t, tensor.Float64, single(build), x), x.shape, x.data...)
		})
	}
}

// Parts of a large tensor that go to different workers have masks of their own.
func TestDropoutOfLargeTensors(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	feeds := graph.Feeds{}
	x := input(s, feeds, "x", tensor.Float32, ones(4, 16384), true)
	out := run(t, g, feeds, ops.Dropout(s, x, .5, graph.Const(s, true))).Float32s(0)
	for lag := 1; lag <= 3*16384; lag *= 2 {
		same := 0
		for i, v := range out[lag:] {
			if v == out[i] {
				same++
			}
		}
		n := len(out) - lag
		if math.Abs(float64(same)-float64(n)/2) > 2.5*math.Sqrt(float64(n)) { // five standard deviations
			t.Errorf("%d of %d elements have the fate of the element %d before", same, n, lag)
		}
	}
}

// One draw per node and Run: consumers and the gradient see the same mask, two
// nodes differ, and so do two Runs.
func TestDropoutDraws(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	feeds := graph.Feeds{}
	x := input(s, feeds, "x", tensor.Float32, ones(64, 64), true)
	training := graph.Placeholder(s, "training", tensor.Bool)
	feeds[training] = true
	y := ops.Dropout(s.Sub("a"), x, .4, training)
	other := ops.Dropout(s.Sub("b"), x, .4, training)
	double := ops.Add(s, y, y)
	dx := graph.Gradients(s, gorgonia.Nodes{y}, gorgonia.Nodes{x}, nil)[0]
	sess := sessionOn(t, g)
	draw := func() [4][]float32 {
		t.Helper()
		out, err := sess.Run(feeds, y, other, double, dx)
		if err != nil {
			t.Fatal(err)
		}
		return [4][]float32{out.Float32s(0), out.Float32s(1), out.Float32s(2), out.Float32s(3)}
	}
	first := draw()
	same := 0
	for i, v := range first[0] {
		if first[2][i] != 2*v {
			t.Fatalf("element %d: two consumers see %v, but the node is %v", i, first[2][i], v)
		}
		if first[3][i] != v { // x is one, so the gradient equals the output
			t.Fatalf("element %d: the output is %v, the gradient %v", i, v, first[3][i])
		}
		if (first[1][i] == 0) == (v == 0) {
			same++
		}
	}
	if n := len(first[0]); same > n*6/10 { // .52 expected of independent masks
		t.Errorf("two nodes agree on %d of %d elements", same, n)
	}
	second := draw()
	same = 0
	for i, v := range second[0] {
		if (v == 0) == (first[0][i] == 0) {
			same++
		}
	}
	if n := len(first[0]); same > n*6/10 {
		t.Errorf("two Runs agree on %d of %d elements", same, n)
	}
	// A Run that does not train draws nothing.
	counter := g.Node("random_draw")
	before, err := sess.Value(counter)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := sess.Run(graph.Feeds{x: feeds[x], training: false}, y); err != nil {
		t.Fatal(err)
	}
	after, err := sess.Value(counter)
	if err != nil {
		t.Fatal(err)
	}
	if a, b := fmt.Sprint(before.Data()), fmt.Sprint(after.Data()); a != b || a != "2" {
		t.Errorf("the draw counter went from %s to %s; want 2 throughout", a, b)
	}
	// A fresh session with the same seed repeats the first draw.
	again, err := sessionOn(t, g).Run(feeds, y)
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range again.Float32s(0) {
		if v != first[0][i] {
			t.Fatalf("the same seed gives element %d as %v, then %v", i, first[0][i], v)
		}
	}
}

func TestDropoutDoesNotDependOnWorkers(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	feeds := graph.Feeds{}
	x := input(s, feeds, "x", tensor.Float64, wave(1, 0, 50001), true)
	y := ops.Dropout(s, x, .3, graph.Const(s, true))
	var first []float64
	for _, procs := range []int{1, 2, 5} {
		before := runtime.GOMAXPROCS(procs)
		out := run(t, g, feeds, y).Float64s(0)
		runtime.GOMAXPROCS(before)
		if first == nil {
			first = out
		}
		for i, v := range out {
			if math.Float64bits(v) != math.Float64bits(first[i]) {
				t.Fatalf("element %d is %v with 1 worker, %v with %d", i, first[i], v, procs)
			}
		}
	}
}

func TestDropoutGradients(t *testing.T) {
	for _, training := range []bool{true, false} {
		checkGradients(t, single(func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
			// The square makes the second derivative differ from zero.
			return ops.Square(s, ops.Dropout(s, x, .4, graph.Const(s, training)))
		}), wave(1, .3, 4, 5))
	}
}

func TestDropoutOfNaNAndInfinity(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	feeds := graph.Feeds{}
	v := wave(1, 0, 400)
	for i := range v.data {
		v.data[i] = []float64{math.NaN(), math.Inf(1), math.Inf(-1), 1000}[i%4]
	}
	x := input(s, feeds, "x", tensor.Float32, v, false)
	y := ops.Dropout(s, x, .5, graph.Const(s, true))
	dropped := 0
	for i, got := range floats(run(t, g, feeds, y).Tensor(0)) {
		want := 2 * v.data[i]
		switch {
		case got == 0 && !math.Signbit(got):
			dropped++
		case got != want && !(math.IsNaN(got) && math.IsNaN(want)):
			t.Fatalf("%v becomes %v", v.data[i], got)
		}
	}
	if dropped < 140 || dropped > 260 {
		t.Errorf("%d of 400 were dropped", dropped)
	}
}

func TestDropoutSizes(t *testing.T) {
	for _, shape := range [][]int{{0, 3}, {1}, {3}, {2, 0}} {
		g := graph.New(graph.Config{})
		s := g.Scope()
		feeds := graph.Feeds{}
		x := input(s, feeds, "x", tensor.Float32, ones(shape...), true)
		y := ops.Dropout(s, x, .5, graph.Const(s, true))
		if got := run(t, g, feeds, y).Tensor(0).Shape(); fmt.Sprint([]int(got)) != fmt.Sprint(shape) {
			t.Errorf("%v becomes %v", shape, got)
		}
	}
	g := graph.New(graph.Config{})
	s := g.Scope()
	y := ops.Dropout(s, graph.Const(s, 3.0), .5, graph.Const(s, true))
	if v := run(t, g, nil, y).Float(0); v != 0 && v != 6 {
		t.Errorf("a scalar 3 becomes %v", v)
	}
}

func TestDropoutErrors(t *testing.T) {
	for name, rate := range map[string]float64{"one": 1, "above": 1.5, "negative": -.1, "NaN": math.NaN()} {
		t.Run(name, func(t *testing.T) {
			wantLayerError(t, func(s *graph.Scope) *gorgonia.Node {
				return ops.Dropout(s, graph.Placeholder(s, "x", tensor.Float32, 3), rate, nil)
			}, "rate is", "below 1", "float32[3]")
		})
	}
	wantLayerError(t, func(s *graph.Scope) *gorgonia.Node {
		return ops.Dropout(s, graph.Placeholder(s, "x", tensor.Int, 3), .5, nil)
	}, "int[3]", "ops.Cast")
	wantLayerError(t, func(s *graph.Scope) *gorgonia.Node {
		x := graph.Placeholder(s, "x", tensor.Float32, 3)
		return ops.Dropout(s, x, .5, x)
	}, "training is float32[3]", "scalar bool")
	wantLayerError(t, func(s *graph.Scope) *gorgonia.Node { return ops.Dropout(s, nil, .5, nil) }, "x is nil")
}
