package ops_test

import (
	"fmt"
	"math"
	"runtime"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

func TestCategorical(t *testing.T) {
	const n = 40000
	inf := math.Inf(-1)
	rows := [][]float64{
		{0.1, 0.2, 0.3, 0.4, 0},
		{0, 0, 1, 0, 0},
		{0.7, 0, 0, 0.001, 0.299},
	}
	logits := values{shape: []int{3, 5}}
	for r, row := range rows {
		for _, p := range row {
			// Logits are normalised by nobody: each row has another offset.
			logits.data = append(logits.data, math.Log(p)+float64(100*r-100))
		}
	}
	for _, lt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		for _, dt := range []tensor.Dtype{{}, tensor.Int, tensor.Int32, tensor.Int64} {
			t.Run(fmt.Sprint(lt, dt), func(t *testing.T) {
				g := graph.New(graph.Config{Seed: 4})
				feeds := graph.Feeds{}
				x := input(g.Scope(), feeds, "logits", lt, logits, true)
				out := run(t, g, feeds, ops.Categorical(g.Scope(), x, n, ops.RandomConfig{Dtype: dt})).Tensor(0)
				wantValues(t, out, []int{3, n})
				if want := dt; out.Dtype() != want && (want.Type != nil || out.Dtype() != tensor.Int64) {
					t.Errorf("got %v; want %v", out.Dtype(), want)
				}
				drawn := floats(out)
				for r, row := range rows {
					frequent(t, counted(drawn[r*n:(r+1)*n], 5), row)
				}
			})
		}
	}

	// Other ranks, one class, no rows, and a graph that draws by a new key.
	g := graph.New(graph.Config{})
	s := g.Scope()
	one := graph.Const(s, []float64{inf, 0, inf})
	cube := graph.Const(s, [][][]float64{{{0}, {1}}})
	none := graph.Placeholder(s, "none", tensor.Float32, -1, 3)
	out := run(t, g, graph.Feeds{none: values{shape: []int{0, 3}}.feed(tensor.Float32)},
		ops.Categorical(s, one, 4, ops.RandomConfig{}), ops.Categorical(s, cube, 2, ops.RandomConfig{}), ops.Categorical(s, none, 2, ops.RandomConfig{}))
	wantValues(t, out.Tensor(0), []int{4}, 1, 1, 1, 1)
	wantValues(t, out.Tensor(1), []int{1, 2, 2}, 0, 0, 0, 0)
	wantValues(t, out.Tensor(2), []int{0, 2})
}

// Neighbours, in a row and beneath each other, are independent.
func TestCategoricalPairs(t *testing.T) {
	const n = 30000
	g := graph.New(graph.Config{Seed: 9})
	s := g.Scope()
	out := run(t, g, nil, ops.Categorical(s, graph.Const(s, [][]float64{{0, 0, 0}, {0, 0, 0}}), n, ops.RandomConfig{}))
	x := out.Int64s(0)
	p := make([]float64, 9)
	for i := range p {
		p[i] = 1.0 / 9
	}
	beside, beneath := make([]int, 9), make([]int, 9)
	for i := 0; i < n; i += 2 {
		beside[3*x[i]+x[i+1]]++
		beneath[3*x[i]+x[n+i]]++
	}
	frequent(t, beside, p)
	frequent(t, beneath, p)
}

// A new draw for each node and Run, the same in a session that begins again.
func TestCategoricalDraws(t *testing.T) {
	seed := int64(3)
	g := graph.New(graph.Config{Seed: 1})
	s := g.Scope()
	logits := graph.Const(s, make([]float64, 10))
	const n = 10000 // more than one goroutine takes
	a, b := ops.Categorical(s, logits, n, ops.RandomConfig{}), ops.Categorical(s, logits, n, ops.RandomConfig{})
	c, d := ops.Categorical(s, logits, n, ops.RandomConfig{Seed: &seed}), ops.Categorical(s, logits, n, ops.RandomConfig{Seed: &seed})
	var runs []string
	for k := range 2 {
		before := runtime.GOMAXPROCS(1 + 3*k)
		sess := sessionOn(t, g)
		for range 2 {
			out, err := sess.Run(nil, a, b, c, d)
			if err != nil {
				t.Fatal(err)
			}
			for i := range out {
				runs = append(runs, fmt.Sprint(out.Int64s(i)))
			}
		}
		runtime.GOMAXPROCS(before)
	}
	if fmt.Sprint(runs[:8]) != fmt.Sprint(runs[8:]) {
		t.Error("two sessions, with one worker and with four, drew different numbers")
	}
	if runs[0] == runs[1] || runs[0] == runs[4] || runs[1] == runs[5] {
		t.Error("two nodes or two Runs drew the same numbers")
	}
	if runs[2] != runs[3] || runs[2] == runs[6] {
		t.Error("two nodes with one seed drew different numbers, or two Runs the same")
	}
}

func TestCategoricalErrors(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	for _, row := range [][]float64{{1, nan}, {nan, 1}, {1, inf}, {-inf, -inf}, {-inf, nan}} {
		g := graph.New(graph.Config{})
		feeds := graph.Feeds{}
		x := input(g.Scope(), feeds, "x", tensor.Float32, at([]int{2, 2}, append([]float64{1, 2}, row...)...), true)
		wantRunError(t, g, feeds, ops.Categorical(g.Scope(), x, 3, ops.RandomConfig{}), "Multinomial", "row 1")
	}
	for _, c := range []struct {
		logits interface{}
		n      int
		cfg    ops.RandomConfig
		words  []string
	}{
		{[]float64{1}, 0, ops.RandomConfig{}, []string{"n is 0"}},
		{[]int{1}, 1, ops.RandomConfig{}, []string{"int[1]", "float32 or float64"}},
		{1.0, 1, ops.RandomConfig{}, []string{"scalar", "[..., classes]"}},
		{[]float64{}, 1, ops.RandomConfig{}, []string{"float32[0]", "one class"}},
		{[]float64{1}, 1, ops.RandomConfig{Dtype: tensor.Float32}, []string{"float32", "int64"}},
	} {
		wantBuildError(t, func(s *graph.Scope) { ops.Categorical(s, graph.Const(s, c.logits), c.n, c.cfg) }, "Multinomial", c.words...)
	}
}
