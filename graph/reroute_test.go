package graph

import (
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// What reads a node reads another in its place: in Runs, with the plan made before too, in gradients, and in what is told of the graph.
func TestReroute(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	x := double(s, "x")
	hidden := scale(s.As("hidden"), x, 2)
	y := add(s, hidden, scale(s, hidden, 10))
	sess := newSession(t, g, SessionConfig{})
	old := Gradients(s, gorgonia.Nodes{y}, gorgonia.Nodes{x}, nil)[0]
	if out := mustRun(t, sess, Feeds{x: 1}, y, old); out.Float(0) != 22 || out.Float(1) != 22 {
		t.Fatal(out)
	}
	tweaked := scale(s.As("tweaked"), x, 3)
	g.Reroute(hidden, tweaked)
	if err := g.Err(); err != nil {
		t.Fatal(err)
	}
	young := Gradients(s, gorgonia.Nodes{y}, gorgonia.Nodes{x}, nil)[0]
	if out := mustRun(t, sess, Feeds{x: 1}, y, young); out.Float(0) != 33 || out.Float(1) != 33 {
		t.Errorf("rerouted: %v; want 33 and 33", out)
	}
	if out := mustRun(t, sess, Feeds{x: 1}, y); out.Float(0) != 33 {
		t.Errorf("rerouted: %v; want 33", out)
	}
	if out := mustRun(t, sess, Feeds{x: 1}, y, old); out.Float(0) != 22 || out.Float(1) != 22 {
		t.Errorf("the old gradient: %v; want it beside what it is the gradient of", out)
	}
	if in := g.InputsOf(y); in[0] != tweaked {
		t.Errorf("InputsOf gives %s", g.NameOf(in[0]))
	}
	if d := g.Describe(y); d.Inputs[0] != tweaked {
		t.Errorf("Describe gives %s", g.NameOf(d.Inputs[0]))
	}
	if dot := g.Graphviz(y); strings.Contains(dot, "hidden") || !strings.Contains(dot, "tweaked") {
		t.Error("Graphviz draws the old input")
	}
	at := map[*gorgonia.Node]int{}
	for i, n := range g.Operations() {
		at[n] = i
		for _, in := range g.InputsOf(n) {
			if _, ok := at[in]; !ok {
				t.Errorf("Operations lists %s before its input %s", g.NameOf(n), g.NameOf(in))
			}
		}
	}
	// Back again.
	g.Reroute(tweaked, hidden)
	if out := mustRun(t, sess, Feeds{x: 1}, y); out.Float(0) != 22 {
		t.Errorf("back again: %v; want 22", out)
	}
}

// A node may be put between another and what reads it, or only some of that.
func TestRerouteBetween(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	x := double(s, "x")
	hidden := scale(s, x, 2)
	a, b := scale(s, hidden, 10), scale(s, hidden, 100)
	doubled := scale(s, hidden, 2)
	g.Reroute(hidden, doubled, b)
	sess := newSession(t, g, SessionConfig{})
	if out := mustRun(t, sess, Feeds{x: 1}, a, b, doubled); out.Float(0) != 20 || out.Float(1) != 400 || out.Float(2) != 4 {
		t.Errorf("%v; want 20, 400, 4", out)
	}
	g.Reroute(hidden, doubled)
	if out := mustRun(t, sess, Feeds{x: 1}, a, b, doubled); out.Float(0) != 40 || out.Float(1) != 400 || out.Float(2) != 4 {
		t.Errorf("%v; want 40, 400, 4", out)
	}
	if out := mustRun(t, sess, Feeds{doubled: 1}, a); out.Float(0) != 10 {
		t.Errorf("fed: %v; want 10", out)
	}
}

// What is put in the place of a node may be built after what reads it, together with what it is computed from.
func TestRerouteOrder(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	x := double(s, "x")
	hidden := scale(s, x, 2)
	y := scale(s, hidden, 10)
	g.Reroute(hidden, scale(s, scale(s, x, 3), 3))
	before := map[*gorgonia.Node]bool{}
	for _, n := range g.Operations() {
		for _, in := range g.InputsOf(n) {
			if !before[in] {
				t.Errorf("Operations lists %s before its input %s", g.NameOf(n), g.NameOf(in))
			}
		}
		before[n] = true
	}
	if out := mustRun(t, newSession(t, g, SessionConfig{}), Feeds{x: 1}, y); out.Float(0) != 90 {
		t.Errorf("%v; want 90", out)
	}
}

// The predicate of a branch is rerouted with what stands in it.
func TestReroutePredicate(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	x, flag := double(s, "x"), PlaceholderWithDefault(s, "flag", false)
	first := Merge(s, flag, scale(s.Branch(flag, true), x, 2), scale(s.Branch(flag, false), x, 3))
	second := Merge(s, flag, scale(s.Branch(flag, true), first, 10), scale(s.Branch(flag, false), first, 100))
	inner := g.InputsOf(first)[1:]
	in := append(gorgonia.Nodes{first}, inner...)
	for _, n := range inner {
		in = append(in, g.InputsOf(n)...)
	}
	g.Reroute(flag, Const(s, true), in...)
	sess := newSession(t, g, SessionConfig{})
	if out := mustRun(t, sess, Feeds{x: 1, flag: false}, second); out.Float(0) != 200 {
		t.Errorf("%v; want 200", out)
	}
	if out := mustRun(t, sess, Feeds{x: 1, flag: true}, second); out.Float(0) != 20 {
		t.Errorf("%v; want 20", out)
	}
	grad := Gradients(s, gorgonia.Nodes{second}, gorgonia.Nodes{x}, nil)[0]
	if out := mustRun(t, sess, Feeds{x: 1, flag: false}, grad); out.Float(0) != 200 {
		t.Errorf("the gradient is %v; want 200", out)
	}
	if out := mustRun(t, sess, Feeds{x: 1, flag: true}, grad); out.Float(0) != 20 {
		t.Errorf("the gradient is %v; want 20", out)
	}
}

// What writes a variable goes on writing it, though what reads it reads another node.
// An update that is written by hand keeps, as a train op does, to the network whose gradient it takes: of (xv)^2, not of the 3x that
// was put in its place.
func TestRerouteUnderUpdate(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	x, v := double(s, "x"), f64(s, "v", 1)
	xv := mul(s, x, v)
	y := mul(s, xv, xv)
	gradient := Gradients(s, gorgonia.Nodes{y}, gorgonia.Nodes{v}, nil)[0]
	update := AssignSub(s, v, scale(s, gradient, 0.5))
	grouped := Group(s, update)
	g.Reroute(xv, scale(s, x, 3))
	later := Gradients(s, gorgonia.Nodes{y}, gorgonia.Nodes{x}, nil)[0]
	var sess *Session
	for _, fetch := range []*gorgonia.Node{update, grouped} {
		sess = newSession(t, g, SessionConfig{})
		if out := mustRun(t, sess, Feeds{x: 2}, v, fetch); out.Float(0) != 1 {
			t.Errorf("v is %v before the update", out.Float(0))
		}
		if out := mustRun(t, sess, nil, v); out.Float(0) != 1-0.5*8 { // 2x^2 v = 8
			t.Errorf("v is %v; want -3", out.Float(0))
		}
	}
	if _, err := sess.Run(Feeds{x: 2}, scale(s, later, 2), update); err == nil || !strings.Contains(err.Error(), "cannot be run at once") {
		t.Errorf("gradients of two networks: %v", err)
	}
	if out := mustRun(t, sess, Feeds{x: 2}, y); out.Float(0) != 36 {
		t.Errorf("y is %v; want (3x)^2", out.Float(0))
	}
}

func TestRerouteVariable(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	x, v := double(s, "x"), f64(s, "v", 1)
	y := mul(s, x, v)
	update := AssignSub(s, v, x)
	g.Reroute(v, scale(s, v, 2))
	sess := newSession(t, g, SessionConfig{})
	if out := mustRun(t, sess, Feeds{x: 3}, y, update); out.Float(0) != 6 || out.Float(1) != -2 {
		t.Errorf("%v; want 6, and -2 in v", out)
	}
	Read(s, v)
	g.Reroute(v, scale(s, x, 2))
	wantError(t, g.Err(), "Read reads what the variable v holds", "want a variable")
}

func TestRerouteBadInput(t *testing.T) {
	for _, c := range []struct {
		name string
		do   func(g *Graph, x, y, z *gorgonia.Node)
		want []string
	}{
		{"nil", func(g *Graph, x, y, z *gorgonia.Node) { g.Reroute(x, nil) }, []string{"nil"}},
		{"another graph", func(g *Graph, x, y, z *gorgonia.Node) { g.Reroute(x, double(New(Config{}).Scope(), "other")) }, []string{"another graph"}},
		{"dtype", func(g *Graph, x, y, z *gorgonia.Node) { g.Reroute(x, Const(g.Scope(), true)) }, []string{"bool", "want float64"}},
		{"shape", func(g *Graph, x, y, z *gorgonia.Node) {
			g.Reroute(x, ConstOf(g.Scope(), tensor.Float64, []float64{1, 2}))
		}, []string{"float64[2]", "want float64[]"}},
		{"not read", func(g *Graph, x, y, z *gorgonia.Node) { g.Reroute(z, x) }, []string{"nothing reads z"}},
		{"only itself", func(g *Graph, x, y, z *gorgonia.Node) { g.Reroute(y, z) }, []string{"nothing but z reads y"}},
		{"does not read", func(g *Graph, x, y, z *gorgonia.Node) { g.Reroute(x, double(g.Scope(), "w"), z) }, []string{"z does not read x"}},
		{"cycle", func(g *Graph, x, y, z *gorgonia.Node) { g.Reroute(x, z, y) }, []string{"z is computed from y"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := New(Config{})
			s := g.Scope()
			x := double(s, "x")
			y := scale(s.As("y"), x, 2)
			z := scale(s.As("z"), y, 2)
			c.do(g, x, y, z)
			wantError(t, g.Err(), c.want...)
		})
	}
}

// What stands in a branch cannot be read outside of it; it can where the node that it takes the place of stood there too, or what reads it does.
func TestRerouteIntoBranch(t *testing.T) {
	for _, c := range []struct {
		name string
		do   func(g *Graph, s *Scope, x, flag, inside, merged *gorgonia.Node)
		want [2]float64 // of y where flag is true and where it is false, for 1
		err  []string
	}{
		{"out of it", func(g *Graph, s *Scope, x, flag, inside, merged *gorgonia.Node) {
			g.Reroute(merged, scale(s.Branch(flag, true).As("other"), x, 3))
		}, [2]float64{}, []string{"other stands in a branch, where flag is true, and y does not", "Merge"}},
		{"from another", func(g *Graph, s *Scope, x, flag, inside, merged *gorgonia.Node) {
			g.Reroute(inside, scale(s.Branch(positive(s, x), true).As("other"), x, 3))
		}, [2]float64{}, []string{"other stands in a branch", "does not; build it outside"}},
		{"within it", func(g *Graph, s *Scope, x, flag, inside, merged *gorgonia.Node) {
			g.Reroute(inside, scale(s.Branch(flag, true), x, 3))
		}, [2]float64{30, 10}, nil},
		{"within the other", func(g *Graph, s *Scope, x, flag, inside, merged *gorgonia.Node) {
			g.Reroute(x, scale(s.Branch(flag, false), x, 5), g.InputsOf(merged)[2])
		}, [2]float64{20, 50}, nil},
		{"into it", func(g *Graph, s *Scope, x, flag, inside, merged *gorgonia.Node) {
			g.Reroute(inside, scale(s, x, 7))
		}, [2]float64{70, 10}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := New(Config{})
			s := g.Scope()
			x, flag := double(s, "x"), PlaceholderWithDefault(s, "flag", false)
			inside := scale(s.Branch(flag, true), x, 2)
			merged := Merge(s, flag, inside, x)
			y := scale(s.As("y"), merged, 10)
			c.do(g, s, x, flag, inside, merged)
			if c.err != nil {
				wantError(t, g.Err(), c.err...)
				return
			}
			sess := newSession(t, g, SessionConfig{})
			for i, value := range []bool{true, false} {
				if got := mustRun(t, sess, Feeds{x: 1, flag: value}, y).Float(0); got != c.want[i] {
					t.Errorf("flag %v: %v; want %v", value, got, c.want[i])
				}
			}
		})
	}
}
