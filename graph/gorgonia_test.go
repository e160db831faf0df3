package graph

import (
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Facts about Gorgonia v0.9.18 that the design rests on. When one of these
// fails after an update of Gorgonia, the code that works around it can go.
func TestFactsAboutGorgonia(t *testing.T) {
	in := func(g *gorgonia.ExprGraph, name string, shape ...int) *gorgonia.Node {
		return gorgonia.NewTensor(g, tensor.Float64, len(shape), gorgonia.WithShape(shape...), gorgonia.WithName(name))
	}
	t.Run("inputs of equal name and shape merge", func(t *testing.T) {
		g := gorgonia.NewGraph()
		first, again, wider := in(g, "x", 2), in(g, "x", 2), in(g, "x", 3)
		if first != again || first == wider {
			t.Error("no longer so: newInput need not mark repeated names")
		}
	})
	t.Run("constants merge by printed name", func(t *testing.T) {
		g := gorgonia.NewGraph()
		a, b := g.AddNode(gorgonia.NewConstant(float64(1))), g.AddNode(gorgonia.NewConstant(int(1)))
		if a != b {
			t.Error("no longer so: Const need not be an op of ours")
		}
	})
	t.Run("random nodes merge", func(t *testing.T) {
		g := gorgonia.NewGraph()
		if gorgonia.GaussianRandomNode(g, tensor.Float64, 0, 1, 3) != gorgonia.GaussianRandomNode(g, tensor.Float64, 5, 1, 3) {
			t.Error("no longer so")
		}
	})
	t.Run("equal ops on equal nodes merge", func(t *testing.T) {
		g := gorgonia.NewGraph()
		x := in(g, "x", 2)
		first, again := must(gorgonia.Tanh(x)), must(gorgonia.Tanh(x))
		if first != again {
			t.Error("no longer so: a native gradient may not be an older node any more")
		}
	})
	t.Run("Grad goes wrong when repeated", func(t *testing.T) {
		g := gorgonia.NewGraph()
		x := gorgonia.NewScalar(g, tensor.Float64, gorgonia.WithName("x"))
		first, err := gorgonia.Grad(must(gorgonia.Square(x)), x)
		if err != nil {
			t.Skip("Grad fails:", err)
		}
		second, err := gorgonia.Grad(must(gorgonia.Cube(x)), x)
		if err == nil && second[0] != first[0] {
			t.Log("another cost now gives another node")
		}
	})
	t.Run("children keep order and duplicates", func(t *testing.T) {
		g := gorgonia.NewGraph()
		x, y := in(g, "x", 2), in(g, "y", 2)
		for _, c := range []struct {
			n    *gorgonia.Node
			want gorgonia.Nodes
		}{
			{must(gorgonia.Sub(y, x)), gorgonia.Nodes{y, x}},
			{must(gorgonia.HadamardProd(x, x)), gorgonia.Nodes{x, x}},
		} {
			wrapped := Wrap(g)
			got := wrapped.nativeInputs(c.n)
			if len(got) != 2 || got[0] != c.want[0] || got[1] != c.want[1] {
				t.Error(got, c.want)
			}
		}
	})
	t.Run("IDs ascend in order of creation", func(t *testing.T) { // schedule.go breaks ties by them
		g := New(Config{})
		s := g.Scope()
		last := int64(-1)
		for range 5 {
			for _, n := range (gorgonia.Nodes{double(s, "x"), ConstOf(s, tensor.Float64, 1), f64(s.NameScope("v"), g.unique("v"), 1), s.Try(gorgonia.Neg(double(s, "y")))}) {
				if n.ID() <= last {
					t.Error(n.ID(), "after", last)
				}
				last = n.ID()
			}
		}
	})
	t.Run("our nodes never merge", func(t *testing.T) {
		g := New(Config{})
		s := g.Scope()
		seen := map[*gorgonia.Node]bool{}
		codes := map[uint32]bool{}
		x := double(s, "x", 2)
		for range 500 {
			for _, n := range (gorgonia.Nodes{scale(s, x, 1), random(s, nil, 2), ConstOf(s, tensor.Float64, 1), double(s, "x", 2)}) {
				if seen[n] {
					t.Fatal("merged:", n)
				}
				seen[n] = true
				if n.Op() != nil {
					codes[n.Op().Hashcode()] = true
				}
			}
		}
		if len(codes) != 1500 {
			t.Errorf("%d hash codes of 1500 ops", len(codes))
		}
	})
}

// A failed op between nodes, Gorgonia's own Grad on our ops.
func TestGorgoniaDifferentiatesOurOps(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	v := f64(s, "v", 3)
	sess := newSession(t, g, SessionConfig{})
	cost := mul(s, v, v)
	grads, err := gorgonia.Grad(cost, v)
	if err != nil {
		t.Fatal(err)
	}
	if out := mustRun(t, sess, nil, grads[0]); out.Float(0) != 6 {
		t.Error(out)
	}
}
