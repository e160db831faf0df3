package graph

import (
	"testing"

	"gorgonia.org/gorgonia"
)

// noisyLayer is v*x, in training with noise, in the scope of v.
func noisyLayer(s *Scope, flag, x, v *gorgonia.Node) *gorgonia.Node {
	y := mul(s, x, v)
	return Merge(s, flag, noise(s.Branch(flag, true), y), y)
}

// What is built on frozen variables after Freeze is frozen, at whatever moment it is asked for; what is built on others is not; and Unfreeze undoes it for both.
func TestFreezeThenBuild(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	x, flag := double(s, "x"), PlaceholderWithDefault(s, "training", false)
	a, b := f64(s.Sub("first"), "a", 1), f64(s.Sub("second"), "b", 1)
	g.Freeze(a)
	sess := newSession(t, g, SessionConfig{})
	draws := func(n *gorgonia.Node) bool {
		return mustRun(t, sess, Feeds{x: 1, flag: true}, n).Float(0) != mustRun(t, sess, Feeds{x: 1, flag: true}, n).Float(0)
	}
	on := func(v *gorgonia.Node, scope string) *gorgonia.Node { return noisyLayer(s.NameScope(scope), flag, x, v) }
	first, second := on(a, "one"), on(b, "two")
	if draws(first) || !draws(second) {
		t.Errorf("noise on what is frozen %v, on what is not %v", draws(first), draws(second))
	}
	third := on(a, "three")
	if in := g.InputsOf(third); in[0] == flag {
		t.Error("InputsOf shows the flag that is not read any more")
	}
	if g.Describe(on(a, "four")).Inputs[0] == flag {
		t.Error("Describe shows the flag that is not read any more")
	}
	if draws(first) || draws(third) || !draws(second) {
		t.Error("another layer changed what the others are")
	}
	g.Unfreeze(a)
	if !draws(first) || !draws(second) || !draws(third) {
		t.Error("what was built while it was frozen has no noise when it is unfrozen")
	}
}

// Gradients of a network that was changed since cannot be differentiated, or added to others; where it was not changed, they can.
func TestOutdatedGradients(t *testing.T) {
	for name, c := range map[string]struct {
		change func(g *Graph, a, y *gorgonia.Node)
		fails  bool
	}{
		"nothing":  {func(g *Graph, a, y *gorgonia.Node) {}, false},
		"freeze":   {func(g *Graph, a, y *gorgonia.Node) { g.Freeze(a) }, true},
		"and back": {func(g *Graph, a, y *gorgonia.Node) { g.Freeze(a); g.Unfreeze(a) }, true},
		"another":  {func(g *Graph, a, y *gorgonia.Node) { g.Freeze(f64(g.Scope(), "other", 1)) }, false},
		"reroute":  {func(g *Graph, a, y *gorgonia.Node) { g.Reroute(a, scale(g.Scope(), a, 2)) }, true},
		"later":    {func(g *Graph, a, y *gorgonia.Node) { scale(g.Scope(), y, 2) }, false},
	} {
		g := New(Config{})
		s := g.Scope()
		x, flag := double(s, "x"), PlaceholderWithDefault(s, "training", false)
		a := f64(s.Sub("first"), "a", 3)
		y := noisyLayer(s.NameScope("first"), flag, mul(s, x, x), a)
		grad := Gradients(s, gorgonia.Nodes{y}, gorgonia.Nodes{x}, nil)[0]
		c.change(g, a, y)
		second := Gradients(s, gorgonia.Nodes{grad}, gorgonia.Nodes{x}, nil)[0]
		if c.fails {
			wantError(t, g.Err(), "older than the last Freeze, Unfreeze or Reroute")
			continue
		}
		if err := g.Err(); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := mustRun(t, newSession(t, g, SessionConfig{}), Feeds{x: 5, flag: false}, second).Float(0); got != 6 { // of 3x^2
			t.Errorf("%s: the second derivative is %v; want 6", name, got)
		}
	}
}
