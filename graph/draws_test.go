package graph

import (
	"fmt"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// "One draw per node and Run": a draw is shared by all its consumers.
func TestDrawIsSharedByItsConsumers(t *testing.T) {
	ablated(t, func(a *ablation) { a.sharing = true }, func(t *testing.T, with func(*Graph, SessionConfig) *Session) string {
		var d diary
		g := New(Config{})
		s := g.Scope()
		r := random(s, &d, 3)
		twice, thrice := scale(s, r, 2), scale(s, r, 3)
		out := mustRun(t, with(g, SessionConfig{}), nil, twice, thrice)
		for i := range 3 {
			if out.Float64s(0)[i]*3 != out.Float64s(1)[i]*2 && out.Float64s(0)[i]/2 != out.Float64s(1)[i]/3 {
				t.Errorf("the consumers saw %v and %v", out.Float64s(0), out.Float64s(1))
			}
		}
		if got := d.take(); got != "Random" {
			return "drawn: " + got
		}
		return ""
	})
}

// "`draw` is one int64 non-trainable variable, created with the first random
// op and advanced by a Run that executes one."
func TestEachRunDrawsAnew(t *testing.T) {
	ablated(t, func(a *ablation) { a.advance = true }, func(t *testing.T, with func(*Graph, SessionConfig) *Session) string {
		g := New(Config{})
		s := g.Scope()
		if g.drawNode() != nil {
			t.Error("there is a draw counter before there is a random op")
		}
		r := random(s, nil, 4)
		other := f64(s, "v", 1)
		if sp := SpecOf(g.drawNode()); sp.Dtype != tensor.Int64 || sp.Rank() != 0 || len(g.Trainable()) != 1 || len(g.ModelVariables()) != 1 {
			t.Errorf("the counter is %v", sp)
		}
		random(s, nil, 4)
		if len(g.Variables()) != 2 {
			t.Errorf("variables %v", g.Variables())
		}
		sess := with(g, SessionConfig{})
		first := fmt.Sprint(mustRun(t, sess, nil, r).Float64s(0))
		mustRun(t, sess, nil, other) // draws nothing
		if got := mustRun(t, sess, nil, g.drawNode()).Float(0); got != 1 && !sess.ablate.advance {
			t.Errorf("the counter is %v after one Run that drew", got)
		}
		out := mustRun(t, sess, nil, r, g.drawNode())
		if fmt.Sprint(out.Float64s(0)) == first {
			return "the second Run draws the same"
		}
		if out.Float(1) != 1 {
			t.Errorf("beside a draw the counter is %v, want its value when the Run began", out.Float(1))
		}
		// Going back to a draw repeats it.
		if err := sess.SetValue(g.drawNode(), 0); err != nil {
			t.Error(err)
		}
		if again := fmt.Sprint(mustRun(t, sess, nil, r).Float64s(0)); again != first {
			t.Errorf("draw 0 again gives %v, was %v", again, first)
		}
		return ""
	})
}

// "A counter-based generator (Philox) keyed by (graph seed, op name, draw)":
// neither the order of building nor other random ops change a draw; the seed
// and the name do; seed 0 is a seed.
func TestDrawsDependOnSeedAndNameOnly(t *testing.T) {
	draw := func(seed int64, name string, before ...string) string {
		g := New(Config{Seed: seed})
		s := g.Scope()
		all := gorgonia.Nodes{}
		for _, n := range before {
			all = append(all, random(s.NameScope(n), nil, 4))
		}
		r := random(s.NameScope(name), nil, 4)
		out := mustRun(t, newSession(t, g, SessionConfig{}), nil, append(gorgonia.Nodes{r}, all...)...)
		return fmt.Sprint(out.Float64s(0))
	}
	base := draw(0, "a")
	for _, c := range []struct {
		what string
		got  string
		same bool
	}{
		{"again", draw(0, "a"), true},
		{"another op before it", draw(0, "a", "b", "c"), true},
		{"another seed", draw(1, "a"), false},
		{"another name", draw(0, "b"), false},
	} {
		if (c.got == base) != c.same {
			t.Errorf("%s: %v beside %v", c.what, c.got, base)
		}
	}
	if strings.Contains(base, "NaN") {
		t.Error(base)
	}
}

// An untaken branch does not draw, and does not advance the counter.
func TestUntakenDraw(t *testing.T) {
	for _, decided := range []bool{true, false} {
		t.Run(fmt.Sprintf("decided=%v", decided), func(t *testing.T) {
			off := func(a *ablation) { a.guards = true }
			if decided {
				off = func(a *ablation) { a.pruning = true; a.guards = true }
			}
			ablated(t, off, func(t *testing.T, with func(*Graph, SessionConfig) *Session) string {
				var d diary
				g := New(Config{})
				s := g.Scope()
				x := double(s, "x")
				pred := PlaceholderWithDefault(s, "training", false)
				if !decided {
					pred = positive(s, x)
				}
				noisy := mul(s.Branch(pred, true), x, random(s.Branch(pred, true), &d))
				y := Merge(s, pred, noisy, x)
				sess := with(g, SessionConfig{})
				out := mustRun(t, sess, Feeds{x: -2}, y)
				drawn := d.take()
				if out.Float(0) != -2 {
					t.Errorf("y is %v", out.Float(0))
				}
				if n := mustRun(t, sess, nil, g.drawNode()).Float(0); drawn != "" || n != 0 {
					return fmt.Sprintf("drawn %q, the counter is %v", drawn, n)
				}
				feeds := Feeds{x: 2}
				if decided {
					feeds[pred] = true
				}
				mustRun(t, sess, feeds, y)
				if n := mustRun(t, sess, nil, g.drawNode()).Float(0); d.take() == "" || n != 1 {
					t.Errorf("the taken branch did not draw, the counter is %v", n)
				}
				return ""
			})
		})
	}
}
