package graph

import (
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

func mustRun(t *testing.T, s *Session, feeds Feeds, fetches ...*gorgonia.Node) Values {
	t.Helper()
	out, err := s.Run(feeds, fetches...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func newSession(t *testing.T, g *Graph, cfg SessionConfig) *Session {
	t.Helper()
	s, err := NewSession(g, cfg)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Init(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

type constantly float64

func (c constantly) Initialize(v *Initial) error {
	a, err := arrayOfGo(float64(c), &v.Out.dtype)
	if err != nil {
		return err
	}
	for i := 0; i < v.Out.size; i++ {
		copy(v.Out.bytes()[i*int(v.Out.dtype.Size()):], a.bytes())
	}
	return nil
}

func TestSmoke(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	x := Placeholder(s, "x", tensor.Float32, -1, 2)
	v := Variable(s, "v", tensor.Shape{2, 2}, VariableConfig{Initializer: constantly(3)})
	add := AssignAdd(s, v, x)
	read := Read(s.After(add), v)
	sess := newSession(t, g, SessionConfig{})
	out := mustRun(t, sess, Feeds{x: []float32{1, 2, 3, 4}}, v, add, read)
	t.Log(out)
	if out.Float32s(0)[0] != 3 || out.Float32s(1)[3] != 7 || out.Float32s(2)[3] != 7 {
		t.Fatal(out)
	}
	feeds := Feeds{x: []float32{1, 2, 3, 4}}
	group := Group(s, add)
	n := testing.AllocsPerRun(100, func() {
		if _, err := sess.Run(feeds, group); err != nil {
			t.Fatal(err)
		}
	})
	if n != 0 {
		t.Errorf("%v allocations a Run", n)
	}
}
