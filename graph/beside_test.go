package graph

import (
	"fmt"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// A chain that ends in an update may read the variable's old value element by element, as weight decay does, without a copy of it; it has the value
// from before the Run also where that was overwritten earlier in the Run.
func TestUpdatesReadTheOldValueBeside(t *testing.T) {
	const n = 5000 // several blocks
	for _, c := range []struct {
		what  string
		build func(s *Scope, x, v, w *gorgonia.Node) gorgonia.Nodes
		steps string
	}{
		{"decay", func(s *Scope, x, v, _ *gorgonia.Node) gorgonia.Nodes {
			return gorgonia.Nodes{AssignAdd(s, v, mul(s, doubled(s, x), v))}
		}, "Double+Mul+AssignAdd"},
		{"twice", func(s *Scope, x, v, _ *gorgonia.Node) gorgonia.Nodes {
			return gorgonia.Nodes{AssignAdd(s, v, add(s, v, mul(s, doubled(s, x), v)))}
		}, "Double+Mul+Add+AssignAdd"},
		{"by the first op", func(s *Scope, x, v, _ *gorgonia.Node) gorgonia.Nodes {
			return gorgonia.Nodes{AssignAdd(s, v, doubled(s, mul(s, x, v)))}
		}, "Mul+Double AssignAdd"},
		{"of another variable", func(s *Scope, x, v, w *gorgonia.Node) gorgonia.Nodes {
			return gorgonia.Nodes{AssignAdd(s, v, mul(s, doubled(s, x), w))}
		}, "Double+Mul AssignAdd"},
		{"through a view", func(s *Scope, x, v, _ *gorgonia.Node) gorgonia.Nodes {
			return gorgonia.Nodes{AssignAdd(s, v, mul(s, doubled(s, x), flattened(s, v)))}
		}, "Double+Mul AssignAdd"},
		{"it is fetched", func(s *Scope, x, v, _ *gorgonia.Node) gorgonia.Nodes {
			return gorgonia.Nodes{v, AssignAdd(s, v, mul(s, doubled(s, x), v))}
		}, "copy Double+Mul+AssignAdd"},
		{"after a write", func(s *Scope, x, v, _ *gorgonia.Node) gorgonia.Nodes {
			first := AssignAdd(s, v, x)
			return gorgonia.Nodes{AssignAdd(s.After(first), v, mul(s, doubled(s, x), v)), Identity(s, v)}
		}, "copy AssignAdd Double+Mul+AssignAdd"},
		{"before a write", func(s *Scope, x, v, _ *gorgonia.Node) gorgonia.Nodes {
			first := AssignAdd(s, v, mul(s, doubled(s, x), v))
			return gorgonia.Nodes{first, AssignAdd(s.After(first), v, x)}
		}, "Double+Mul+AssignAdd copy AssignAdd"},
		{"another update reads it too", func(s *Scope, x, v, w *gorgonia.Node) gorgonia.Nodes {
			first := AssignAdd(s, v, mul(s, doubled(s, x), v))
			return gorgonia.Nodes{first, AssignAdd(s.After(first), w, mul(s, doubled(s, x), v))}
		}, "Double+Mul Double+Mul+AssignAdd AssignAdd"},
	} {
		var got [2]string
		for k, cfg := range []SessionConfig{{}, {NoFusion: true}} {
			g := New(Config{})
			s := g.Scope()
			v, w := f64(s, "v", 3, n), f64(s, "w", 4, n)
			x := double(s, "x", n)
			fetches := c.build(s, x, v, w)
			sess := newSession(t, g, cfg)
			feed := make([]float64, n)
			for i := range feed {
				feed[i] = float64(i%13) - 6
			}
			for range 2 {
				for _, out := range mustRun(t, sess, Feeds{x: feed}, fetches...) {
					got[k] += fmt.Sprint(out.(*tensor.Dense).Data())
				}
			}
			got[k] += fmt.Sprint(float64s(t, sess, v), float64s(t, sess, w))
			if steps := strings.Join(opsOf(sess), " "); k == 0 && steps != c.steps {
				t.Errorf("%s: steps %s, want %s", c.what, steps, c.steps)
			}
		}
		if got[0] != got[1] {
			t.Errorf("%s: fused and plain differ", c.what)
		}
	}
}
