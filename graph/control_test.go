package graph

import (
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// "Control edges order effects (fresh reads, writes, random draws, Print,
// Assert)."
func TestControlEdgesOrderEffects(t *testing.T) {
	ablated(t, func(a *ablation) { a.controlOrder = true; a.creationOrder = true }, func(t *testing.T, with func(*Graph, SessionConfig) *Session) string {
		var d diary
		g := New(Config{})
		s := g.Scope()
		a := d.note(s, "a")
		b := d.note(s.After(a), "b")
		c := d.note(s, "c", Identity(s.After(b), ConstOf(s, tensor.Float64, 1))) // through a pure op
		after := s.After(c).NameScope("inner").After(d.note(s, "x"))
		e := d.note(after, "e") // nested: after c and x
		f := d.note(s.After(Group(s, e)), "f")
		mustRun(t, with(g, SessionConfig{}), nil, f)
		if got := d.take(); got != "a b c x e f" && got != "x a b c e f" && got != "a x b c e f" && got != "a b x c e f" {
			return got
		}
		return ""
	})
}

// What a node is built after runs with it, and only that.
func TestControlEdgesRunWhatTheyName(t *testing.T) {
	var d diary
	g := New(Config{})
	s := g.Scope()
	x := double(s, "x")
	y := scale(s.After(d.note(s, "needed")), x, 2)
	d.note(s, "not needed")
	out := mustRun(t, newSession(t, g, SessionConfig{}), Feeds{x: 3}, y)
	if got := d.take(); got != "needed" || out.Float(0) != 6 {
		t.Error(got, out)
	}
}

// An effect that control edges ask for runs even where the value is a constant
// that was computed beforehand.
func TestControlEdgeOfAConstant(t *testing.T) {
	var d diary
	g := New(Config{})
	s := g.Scope()
	y := scale(s.After(d.note(s, "effect")), ConstOf(s, tensor.Float64, 3), 2)
	z := scale(s, y, 2)
	sess := newSession(t, g, SessionConfig{})
	for range 2 {
		if out := mustRun(t, sess, nil, z); out.Float(0) != 12 || d.take() != "effect" {
			t.Error(out)
		}
	}
}

// "Pure arithmetic may run any time, so edges cost no fusion": an op that is
// merged with its consumer keeps the order that leads through it.
func TestFusionAcrossControlEdges(t *testing.T) {
	var d diary
	g := New(Config{})
	s := g.Scope()
	x := double(s, "x", -1)
	early := d.note(s, "early")
	inner := doubled(s.After(early), x)
	y := scale(s, inner, 3)
	late := d.note(s.After(inner), "late")
	sess := newSession(t, g, SessionConfig{})
	mustRun(t, sess, Feeds{x: []float64{1}}, late, y)
	if got := d.take(); got != "early late" {
		t.Error(got)
	}
	mustRun(t, sess, Feeds{x: []float64{1}}, y)
	if got := d.take(); got != "early" {
		t.Error(got)
	}
}

// "s.After(nodes...) ... attached to the nodes created through the returned
// scope only": inputs that were made before keep no edge.
func TestAfterLeavesOlderNodesAlone(t *testing.T) {
	var d diary
	g := New(Config{})
	s := g.Scope()
	x := double(s, "x")
	old := scale(s, x, 2)
	after := s.After(d.note(s, "effect"))
	young := scale(after.Sub("sub"), old, 2)
	sess := newSession(t, g, SessionConfig{})
	mustRun(t, sess, Feeds{x: 1}, old)
	if got := d.take(); got != "" {
		t.Error("the older node runs", got)
	}
	mustRun(t, sess, Feeds{x: 1}, young)
	if got := d.take(); got != "effect" {
		t.Errorf("the younger node runs %q", got)
	}
	// s itself is unchanged.
	mustRun(t, sess, Feeds{x: 1}, scale(s, x, 5))
	if got := d.take(); got != "" {
		t.Error(got)
	}
}

// Gradients attaches edges only to nodes that it creates.
func TestGradientsUnderAfter(t *testing.T) {
	var d diary
	g := New(Config{})
	s := g.Scope()
	x := double(s, "x")
	y := mul(s, x, x)
	grad := Gradients(s.NameScope("grads").After(d.note(s, "effect")), gorgonia.Nodes{y}, gorgonia.Nodes{x}, nil)[0]
	sess := newSession(t, g, SessionConfig{})
	mustRun(t, sess, Feeds{x: 1}, y)
	if got := d.take(); got != "" {
		t.Error(got)
	}
	if out := mustRun(t, sess, Feeds{x: 4}, grad); out.Float(0) != 8 || d.take() != "effect" {
		t.Error(out)
	}
	if name := g.NameOf(grad); name[:6] != "grads/" {
		t.Error(name)
	}
}

// "Creating variables and slots ignores After and guards."
func TestVariablesIgnoreAfterAndBranches(t *testing.T) {
	var d diary
	g := New(Config{})
	s := g.Scope()
	pred := PlaceholderWithDefault(s, "pred", false)
	inside := s.After(d.note(s, "effect")).Branch(pred, true)
	v := f64(inside, "v", 7)
	slot := Slot(inside, v, "Momentum", tensor.Shape{}, constantly(1))
	c := ConstOf(inside, tensor.Float64, 1)
	p := double(inside, "p")
	sess := newSession(t, g, SessionConfig{})
	out := mustRun(t, sess, Feeds{p: 2}, v, slot, c, p)
	if out.Float(0) != 7 || out.Float(1) != 1 || out.Float(2) != 1 || out.Float(3) != 2 || d.take() != "" {
		t.Error(out)
	}
}
