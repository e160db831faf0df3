package graph

import (
	"testing"

	"gorgonia.org/gorgonia"
)

// An op that undoes its input gives that one's input, unless the value between is fed; who
// else reads that gets it as ever.
func TestUndoes(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	runs := 0
	flip := func(x *gorgonia.Node) *gorgonia.Node {
		return Apply(s, OpDef{
			Name:   "Flip",
			Infer:  SameFloat,
			Undoes: func(inner *OpDef) bool { return inner.Name == "Flip" },
			Kernel: func(b *Binding) (Kernel, error) {
				return func(c *Call) error {
					runs++
					for i, v := range c.In[0].Float64s() {
						c.Out.Float64s()[i] = -v
					}
					return nil
				}, nil
			},
		}, x)
	}
	x := double(s, "x", -1)
	in := scale(s, x, 3)
	once := flip(in)
	twice := flip(once)
	four := flip(flip(twice))
	v := scale(s, twice, 1)
	feed := Feeds{x: []float64{1, 2}}
	sess := newSession(t, g, SessionConfig{})
	for _, c := range []struct {
		what    string
		feeds   Feeds
		fetches gorgonia.Nodes
		runs    int
		want    [][]float64
	}{
		{"twice", feed, gorgonia.Nodes{v}, 0, [][]float64{{3, 6}}},
		{"twice, fetched", feed, gorgonia.Nodes{twice}, 0, [][]float64{{3, 6}}},
		{"four times", feed, gorgonia.Nodes{four, in}, 0, [][]float64{{3, 6}, {3, 6}}},
		{"the value between is fetched", feed, gorgonia.Nodes{v, once}, 1, [][]float64{{3, 6}, {-3, -6}}},
		{"the value between is fed", Feeds{once: []float64{5, 7}}, gorgonia.Nodes{v}, 1, [][]float64{{-5, -7}}},
	} {
		runs = 0
		out := mustRun(t, sess, c.feeds, c.fetches...)
		if runs != c.runs {
			t.Errorf("%s: the kernel ran %d times, want %d", c.what, runs, c.runs)
		}
		for i, want := range c.want {
			if got := out.Float64s(i); got[0] != want[0] || got[1] != want[1] {
				t.Errorf("%s: value %d is %v, want %v", c.what, i, got, want)
			}
		}
	}
}
