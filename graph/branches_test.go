package graph

import (
	"fmt"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// "Only the taken branch runs": an assignment in the other one does not happen,
// whether the predicate is known before the Run or computed in it.
func TestUntakenAssign(t *testing.T) {
	for _, c := range []struct {
		name string
		off  func(*ablation)
		pred func(s *Scope, x *gorgonia.Node) *gorgonia.Node
	}{
		{"default", func(a *ablation) { a.pruning, a.guards = true, true }, func(s *Scope, x *gorgonia.Node) *gorgonia.Node { return PlaceholderWithDefault(s, "p", false) }},
		{"constant", func(a *ablation) { a.pruning, a.guards = true, true }, func(s *Scope, x *gorgonia.Node) *gorgonia.Node { return Const(s, false) }},
		{"folded", func(a *ablation) { a.pruning, a.guards = true, true }, func(s *Scope, x *gorgonia.Node) *gorgonia.Node {
			return positive(s, scale(s, ConstOf(s, tensor.Float64, 3), -1))
		}},
		{"computed", func(a *ablation) { a.guards = true }, positive},
	} {
		t.Run(c.name, func(t *testing.T) {
			ablated(t, c.off, func(t *testing.T, with func(*Graph, SessionConfig) *Session) string {
				g := New(Config{})
				s := g.Scope()
				x, v := double(s, "x"), f64(s, "v", 1)
				write := Assign(s.Branch(c.pred(s, x), true).Sub("deep"), v, x)
				sess := with(g, SessionConfig{})
				out := mustRun(t, sess, Feeds{x: -5}, write, v)
				if out[0] != nil && !sess.ablate.guards {
					t.Errorf("the untaken write gives %v, want nil", out[0])
				}
				if got := mustRun(t, sess, nil, v).Float(0); got != 1 {
					return fmt.Sprintf("the variable is %v", got)
				}
				return ""
			})
		})
	}
}

// "Order of planning: bind fed and default scalar bools as constants, fold,
// prune, then check feeds": a placeholder needed only in an untaken branch need
// not be fed.
func TestPlaceholderOfAnUntakenBranch(t *testing.T) {
	ablated(t, func(a *ablation) { a.pruning = true }, func(t *testing.T, with func(*Graph, SessionConfig) *Session) string {
		g := New(Config{})
		s := g.Scope()
		x, noise := double(s, "x"), double(s, "noise")
		training := Placeholder(s, "training", tensor.Bool)
		y := Merge(s, training, add(s.Branch(training, true), x, noise), scale(s.Branch(training, false), x, 2))
		sess := with(g, SessionConfig{})
		out, err := sess.Run(Feeds{x: 3, training: false}, y)
		if err != nil {
			return err.Error()
		}
		if out.Float(0) != 6 {
			t.Error(out)
		}
		_, err = sess.Run(Feeds{x: 3, training: true}, y)
		wantError(t, err, "noise", "must be fed")
		if out := mustRun(t, sess, Feeds{x: 3, noise: 1, training: true}, y); out.Float(0) != 4 {
			t.Error(out)
		}
		_, err = sess.Run(Feeds{x: 3}, y)
		wantError(t, err, "training", "must be fed")
		return ""
	})
}

// "What stays undecided runs as a guarded block", nested too; and the same
// nodes under a decided predicate.
func TestNestedBranches(t *testing.T) {
	for _, decided := range []bool{false, true} {
		t.Run(fmt.Sprintf("decided=%v", decided), func(t *testing.T) {
			var d diary
			g := New(Config{})
			s := g.Scope()
			x, y := double(s, "x"), double(s, "y")
			p, q := positive(s, x), positive(s, y)
			if decided {
				p, q = Placeholder(s, "p", tensor.Bool), Placeholder(s, "q", tensor.Bool)
			}
			outer := s.Branch(p, true)
			inner := Merge(outer, q,
				scale(outer.Branch(q, true).After(d.note(outer.Branch(q, true), "both")), x, 10),
				scale(outer.Branch(q, false).After(d.note(outer.Branch(q, false), "first")), x, 100))
			z := Merge(s, p, scale(outer, inner, 2), scale(s.Branch(p, false).After(d.note(s.Branch(p, false), "none")), x, -1))
			w := add(s, z, y)
			grads := Gradients(s, gorgonia.Nodes{w}, gorgonia.Nodes{x, y}, nil)
			sess := newSession(t, g, SessionConfig{})
			for _, c := range []struct {
				x, y, z, dx float64
				log         string
			}{
				{1, 1, 20, 20, "both"},
				{1, -1, 200, 200, "first"},
				{-1, 1, 1, -1, "none"},
				{-1, -1, 1, -1, "none"},
			} {
				feeds := Feeds{x: c.x, y: c.y}
				if decided {
					feeds[p], feeds[q] = c.x > 0, c.y > 0
				}
				out := mustRun(t, sess, feeds, z, w, grads[0], grads[1])
				log := d.take()
				if out.Float(0) != c.z || out.Float(1) != c.z+c.y || out.Float(2) != c.dx || out.Float(3) != 1 || log != c.log {
					t.Errorf("x %v y %v: %v, %q; want %v", c.x, c.y, out, log, c)
				}
				mustRun(t, sess, feeds, grads[0])
				d.take()
			}
		})
	}
}

// A branch scope made directly with a predicate that itself stands in a branch.
func TestPredicateInsideABranch(t *testing.T) {
	for _, decided := range []bool{false, true} {
		g := New(Config{})
		s := g.Scope()
		x := double(s, "x")
		p := positive(s, x)
		if decided {
			p = Placeholder(s, "p", tensor.Bool)
		}
		q := positive(s.Branch(p, true), scale(s.Branch(p, true), x, -1)) // never true
		v := f64(s, "v", 1)
		write := Assign(s.Branch(q, false), v, x)
		sess := newSession(t, g, SessionConfig{})
		for _, c := range []struct{ x, want float64 }{{-3, 1}, {3, 3}} {
			feeds := Feeds{x: c.x}
			if decided {
				feeds[p] = c.x > 0
			}
			mustRun(t, sess, feeds, write)
			if got := mustRun(t, sess, nil, v).Float(0); got != c.want {
				t.Errorf("decided %v, x %v: %v, want %v", decided, c.x, got, c.want)
			}
		}
	}
}

// A value that leaves a branch without Merge is missing where that is not
// taken: the fetch is an error that says so, not a stale value.
func TestFetchOfAnUntakenValue(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	x := double(s, "x")
	for name, pred := range map[string]*gorgonia.Node{"computed": positive(s, x), "constant": Const(s, false)} {
		inside := scale(s.Branch(pred, true).NameScope(name), x, 2)
		outside := scale(s, inside, 2)
		sess := newSession(t, g, SessionConfig{})
		if name == "computed" {
			mustRun(t, sess, Feeds{x: 1}, inside, outside)
		}
		_, err := sess.Run(Feeds{x: -1}, inside)
		wantError(t, err, name+"/Scale", "not taken")
		_, err = sess.Run(Feeds{x: -1}, outside)
		wantError(t, err, "not taken")
		// Fed, it has a value whatever the branch.
		if out := mustRun(t, sess, Feeds{inside: 5}, outside); out.Float(0) != 10 {
			t.Error(out)
		}
	}
}

// A deep network in an undecided branch is planned in linear time: residual
// blocks use every value twice.
func TestDeepUndecidedBranch(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	x := double(s, "x")
	pred := positive(s, x)
	in := s.Branch(pred, true)
	y := scale(in, x, 1)
	for range 60 {
		y = scale(in, add(in, y, scale(in, y, 1)), 0.5)
	}
	z := Merge(s, pred, y, x)
	grad := Gradients(s, gorgonia.Nodes{z}, gorgonia.Nodes{x}, nil)[0]
	if out := mustRun(t, newSession(t, g, SessionConfig{}), Feeds{x: 3}, z, grad); out.Float(0) != 3 || out.Float(1) != 1 {
		t.Error(out)
	}
}

// "Batch norm is built on it: with training=false its update is dropped, so
// that Run writes nothing."
func TestRunOfAnUntakenUpdateWritesNothing(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	x, v := double(s, "x"), f64(s, "v", 1)
	training := PlaceholderWithDefault(s, "training", false)
	update := AssignAdd(s.Branch(training, true), v, x)
	y := scale(s.After(update), x, 2)
	sess := newSession(t, g, SessionConfig{})
	mustRun(t, sess, Feeds{x: 1}, y)
	if sess.plans.plans[0].prog.writes {
		t.Error("the plan for training=false writes")
	}
	mustRun(t, sess, Feeds{x: 1, training: true}, y)
	if !sess.plans.plans[0].prog.writes {
		t.Error("the plan for training=true does not write")
	}
	if got := mustRun(t, sess, nil, v).Float(0); got != 2 {
		t.Error(got)
	}
}

// A node stands in a branch where its scope, or one around it, came from Branch.
func TestInBranch(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	x, pred := double(s, "x"), PlaceholderWithDefault(s, "p", false)
	inner := scale(s.Branch(pred, true).Sub("deep"), x, 2)
	z := Merge(s, pred, inner, x)
	for _, c := range []struct {
		n    *gorgonia.Node
		want bool
	}{{x, false}, {pred, false}, {inner, true}, {z, false}} {
		if got := g.InBranch(c.n); got != c.want {
			t.Errorf("InBranch(%s) is %v", g.NameOf(c.n), got)
		}
	}
}
