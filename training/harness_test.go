package training_test

import (
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// open makes a session with every variable initialised.
func open(t testing.TB, g *graph.Graph) *graph.Session {
	t.Helper()
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { sess.Close() })
	if err := sess.Init(); err != nil {
		t.Fatal(err)
	}
	return sess
}

func run(t testing.TB, sess *graph.Session, feeds graph.Feeds, fetches ...*gorgonia.Node) graph.Values {
	t.Helper()
	out, err := sess.Run(feeds, fetches...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func set(t *testing.T, sess *graph.Session, v *gorgonia.Node, value interface{}) {
	t.Helper()
	if err := sess.SetValue(v, value); err != nil {
		t.Fatal(err)
	}
}

func value(t testing.TB, sess *graph.Session, v *gorgonia.Node) tensor.Tensor {
	t.Helper()
	out, err := sess.Value(v)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// variable makes a variable that starts at a constant.
func variable(s *graph.Scope, name string, dtype tensor.Dtype, start float64, shape ...int) *gorgonia.Node {
	return graph.Variable(s, name, shape, graph.VariableConfig{Dtype: dtype, Initializer: constantly(start)})
}

type constantly float64

func (c constantly) Initialize(v *graph.Initial) error {
	switch v.Out.Dtype() {
	case tensor.Float32:
		for i := range v.Out.Float32s() {
			v.Out.Float32s()[i] = float32(c)
		}
	case tensor.Float64:
		for i := range v.Out.Float64s() {
			v.Out.Float64s()[i] = float64(c)
		}
	case tensor.Int:
		for i := range v.Out.Ints() {
			v.Out.Ints()[i] = int(c)
		}
	case tensor.Int32:
		for i := range v.Out.Int32s() {
			v.Out.Int32s()[i] = int32(c)
		}
	case tensor.Int64:
		for i := range v.Out.Int64s() {
			v.Out.Int64s()[i] = int64(c)
		}
	case tensor.Uint8:
		for i := range v.Out.Uint8s() {
			v.Out.Uint8s()[i] = uint8(c)
		}
	case tensor.Bool:
		for i := range v.Out.Bools() {
			v.Out.Bools()[i] = c != 0
		}
	}
	return nil
}

// wantError checks that err says each of the parts.
func wantError(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error; want one that says %q", parts)
	}
	for _, p := range parts {
		if !strings.Contains(err.Error(), p) {
			t.Errorf("the error %q does not say %q", err, p)
		}
	}
}

// names lists the graph's names of nodes.
func names(g *graph.Graph, nodes gorgonia.Nodes) []string {
	var out []string
	for _, n := range nodes {
		out = append(out, g.NameOf(n))
	}
	return out
}
