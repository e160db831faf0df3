package rbm_test

import (
	"math"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/transfer/rbm"
)

var dtypes = []tensor.Dtype{tensor.Float32, tensor.Float64}

// machine is a machine on a placeholder, with a session.
type machine struct {
	*rbm.RBM
	t    testing.TB
	sess *graph.Session
	step *gorgonia.Node
}

// newMachine builds a machine and gives its variables their first values; an error ends the test.
func newMachine(t testing.TB, dtype tensor.Dtype, visible int, seed int64, cfg rbm.Config) *machine {
	t.Helper()
	g := graph.New(graph.Config{Seed: seed})
	x := graph.Placeholder(g.Scope(), "x", dtype, -1, visible)
	return begin(t, rbm.New(g.Scope().Sub("rbm"), x, cfg), g)
}

// begin opens a session on a graph with a machine.
func begin(t testing.TB, r *rbm.RBM, g *graph.Graph) *machine {
	t.Helper()
	step := r.Step(g.Scope().NameScope("train"))
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { sess.Close() })
	if err := sess.Init(); err != nil {
		t.Fatal(err)
	}
	return &machine{r, t, sess, step}
}

// run fetches nodes; an error ends the test.
func (m *machine) run(feeds graph.Feeds, fetches ...*gorgonia.Node) graph.Values {
	m.t.Helper()
	out, err := m.sess.Run(feeds, fetches...)
	if err != nil {
		m.t.Fatal(err)
	}
	return out
}

// set gives a variable a value.
func (m *machine) set(v *gorgonia.Node, value []float64) {
	m.t.Helper()
	if err := m.sess.SetValue(v, dense(v.Dtype(), value, graph.SpecOf(v).Shape...)); err != nil {
		m.t.Fatal(err)
	}
}

// value is the value of a variable.
func (m *machine) value(v *gorgonia.Node) []float64 {
	m.t.Helper()
	t, err := m.sess.Value(v)
	if err != nil {
		m.t.Fatal(err)
	}
	return floats(t)
}

// dense makes a tensor of a dtype.
func dense(dtype tensor.Dtype, x []float64, shape ...int) *tensor.Dense {
	if dtype == tensor.Float64 {
		return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(append([]float64(nil), x...)))
	}
	narrow := make([]float32, len(x))
	for i, v := range x {
		narrow[i] = float32(v)
	}
	return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(narrow))
}

// floats are the elements of a tensor.
func floats(t tensor.Tensor) []float64 {
	switch x := t.Data().(type) {
	case []float64:
		return x
	case []float32:
		out := make([]float64, len(x))
		for i, v := range x {
			out[i] = float64(v)
		}
		return out
	}
	return nil
}

// waves are a*sin(f*k) for k = 1, 2, ...
func waves(a, f float64, n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = a * math.Sin(f*float64(i+1))
	}
	return x
}

// fractions are the fractional parts of f*k + start for k = 1, 2, ...
func fractions(f, start float64, n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		_, x[i] = math.Modf(f*float64(i+1) + start)
	}
	return x
}

// near compares numbers, each within a tolerance.
func near(t testing.TB, what string, got, want []float64, tolerance float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d numbers; want %d", what, len(got), len(want))
	}
	for i := range got {
		if !(math.Abs(got[i]-want[i]) <= tolerance) {
			t.Errorf("%s: number %d is %v; want %v within %v", what, i, got[i], want[i], tolerance)
		}
	}
}

// wantError checks that a message holds some words.
func wantError(t testing.TB, err error, words ...string) {
	t.Helper()
	if err == nil {
		t.Errorf("no error; want one with %q", words)
		return
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("the error %q does not mention %q", err, w)
		}
	}
}
