package graph

import (
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// "Any node can be fed: a cached activation in place of a hidden node runs
// without the placeholders and update ops below it."
func TestFedActivation(t *testing.T) {
	ablated(t, func(a *ablation) { a.companions = true }, func(t *testing.T, with func(*Graph, SessionConfig) *Session) string {
		g := New(Config{})
		s := g.Scope()
		x := double(s, "x", -1)
		layer := func(name string, in *gorgonia.Node) (out, moving *gorgonia.Node) {
			l := s.Sub(name)
			out = scale(l, in, 2)
			moving = Variable(l, "moving", nil, VariableConfig{Dtype: tensor.Float64, Initializer: constantly(0), NotTrainable: true})
			g.AddUpdate(out, AssignAdd(l, moving, sum(l, in)))
			return out, moving
		}
		h1, m1 := layer("one", x)
		h2, m2 := layer("two", h1)
		loss := sum(s, h2)
		step := Group(s.After(g.UpdatesOf(loss)...), AssignAdd(s.After(g.UpdatesOf(loss)...), f64(s, "w", 0), loss))
		sess := with(g, SessionConfig{})

		out, err := sess.Run(Feeds{h1: []float64{1, 2, 3}}, loss, step)
		if err != nil {
			return err.Error()
		}
		moved := mustRun(t, sess, nil, m1, m2)
		if out.Float(0) != 12 || moved.Float(0) != 0 || moved.Float(1) != 6 {
			t.Error(out, moved)
		}
		// Fed at the top, even though nothing of the layer itself is reached.
		mustRun(t, sess, Feeds{h2: []float64{1}}, step)
		if moved := mustRun(t, sess, nil, m1, m2); moved.Float(0) != 0 || moved.Float(1) != 6 {
			t.Error("fed above both layers:", moved)
		}
		// Nothing fed inside: both layers move.
		mustRun(t, sess, Feeds{x: []float64{1}}, step)
		if moved := mustRun(t, sess, nil, m1, m2); moved.Float(0) != 1 || moved.Float(1) != 8 {
			t.Error("fed below both layers:", moved)
		}
		// An update that is fetched runs whatever is fed.
		mustRun(t, sess, Feeds{h1: []float64{1}, x: []float64{5}}, loss, g.UpdatesOf(h1)[0])
		if moved := mustRun(t, sess, nil, m1); moved.Float(0) != 6 {
			t.Error("fetched:", moved)
		}
		return ""
	})
}

// A fed node that something else needs as well is the fed value everywhere.
func TestFedNodesOfEveryKind(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	x := double(s, "x", 2)
	v := f64(s, "v", 1, 2)
	c := ConstOf(s, tensor.Float64, []float64{5, 5})
	view := flattened(s, x)
	write := AssignAdd(s, v, x)
	nat := s.Try(gorgonia.Neg(x))
	y := add(s, add(s, v, c), view)
	sess := newSession(t, g, SessionConfig{})
	eq := func(what string, got []float64, a, b float64) {
		t.Helper()
		if got[0] != a || got[1] != b {
			t.Errorf("%s: %v, want [%v %v]", what, got, a, b)
		}
	}
	eq("nothing fed but x", mustRun(t, sess, Feeds{x: []float64{1, 2}}, y).Float64s(0), 7, 8)
	eq("variable", mustRun(t, sess, Feeds{x: []float64{1, 2}, v: []float64{0, 0}}, y).Float64s(0), 6, 7)
	eq("constant", mustRun(t, sess, Feeds{x: []float64{1, 2}, c: []float64{0, 0}}, y).Float64s(0), 2, 3)
	eq("view", mustRun(t, sess, Feeds{view: []float64{1, 2}}, y).Float64s(0), 7, 8)
	eq("native", mustRun(t, sess, Feeds{nat: []float64{1, 2}}, nat).Float64s(0), 1, 2)
	eq("a write, which then does not happen", mustRun(t, sess, Feeds{write: []float64{9, 9}}, scale(s, write, 1)).Float64s(0), 9, 9)
	eq("the variable", mustRun(t, sess, nil, v).Float64s(0), 1, 1)
	eq("the fetch itself", mustRun(t, sess, Feeds{y: []float64{3, 4}}, y).Float64s(0), 3, 4)
}

// An extra output of an op whose output is fed is not to be had: an error that
// names both.
func TestExtraOutputOfAFedNode(t *testing.T) {
	g := New(Config{})
	s := g.Scope().NameScope("net")
	x := double(s, "x", 2)
	y, extra := fused(s, x, x)
	sess := newSession(t, g, SessionConfig{})
	_, err := sess.Run(Feeds{y: []float64{1, 2}, x: []float64{1, 2}}, scale(s, extra, 2))
	wantError(t, err, "net/Fused_aux", "net/Fused was fed")
	if out := mustRun(t, sess, Feeds{extra: []float64{1, 2}, x: []float64{3, 4}}, scale(s, extra, 2), y); out.Float64s(0)[1] != 4 || out.Float64s(1)[1] != 16 {
		t.Error(out)
	}
}
