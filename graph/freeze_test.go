package graph

import (
	"testing"

	"gorgonia.org/gorgonia"
)

// trainOn makes what an optimizer does: a train op that subtracts the gradients from variables.
func trainOn(s *Scope, loss *gorgonia.Node, vars ...*gorgonia.Node) *gorgonia.Node {
	var updates gorgonia.Nodes
	for i, grad := range Gradients(s, gorgonia.Nodes{loss}, vars, nil) {
		updates = append(updates, AssignSub(s, vars[i], grad))
	}
	step := Group(s, updates...)
	s.g.AddToCollection(TrainOp, step)
	return step
}

// What is frozen leaves the collections in place and comes back to its place.
func TestFreezeCollections(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	a, b, c := f64(s, "a", 1), f64(s, "b", 2), f64(s, "c", 3)
	slot := Slot(s, b, "Momentum", nil, nil)
	g.Freeze(b, slot)
	if got := g.Trainable(); len(got) != 2 || got[0] != a || got[1] != c {
		t.Errorf("trainable are %v; want a and c", got)
	}
	if got := g.Frozen(); len(got) != 1 || got[0] != b {
		t.Errorf("frozen are %v; want b, and not its slot", got)
	}
	if got := len(g.ModelVariables()); got != 3 {
		t.Errorf("there are %d model variables; want 3", got)
	}
	g.Unfreeze(b)
	if got := g.Trainable(); len(got) != 3 || got[1] != b {
		t.Errorf("trainable are %v; want a, b and c", got)
	}
}

// Nothing of the gradient below the lowest trained variable is computed.
func TestNoGradientBelow(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	x := double(s, "x")
	y := x
	var vars gorgonia.Nodes
	for _, name := range []string{"a", "b", "c", "d"} {
		v := f64(s, name, 2)
		vars = append(vars, v)
		y = mul(s.NameScope("layer_"+name), y, v)
	}
	steps := func(fetch *gorgonia.Node) int {
		sess := newSession(t, g, SessionConfig{NoFusion: true})
		mustRun(t, sess, Feeds{x: 1}, fetch)
		n := 0
		for _, st := range sess.plans.plans[0].prog.steps {
			if st.kernel != nil {
				n++
			}
		}
		return n
	}
	g.Freeze(vars[0], vars[1])
	top := trainOn(s.NameScope("top"), y, g.Trainable()...)
	g.Unfreeze(vars...)
	all := trainOn(s.NameScope("all"), y, g.Trainable()...)
	// Of 4 products, as many updates and two products a layer of gradient, less the one for x, and the ones: the lower half has 2 updates and 2*2 products.
	if a, b := steps(top), steps(all); b-a != 6 {
		t.Errorf("frozen %d steps, unfrozen %d; want 6 fewer", a, b)
	}
}

// A node stands for what it depends on; freezing what is trained already, and what is no node of the graph, fail.
func TestFreezeNodes(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	a, b := f64(s, "a", 1), f64(s, "b", 2)
	y := mul(s, a, b)
	g.Freeze(scale(s, a, 2))
	if got := g.Trainable(); len(got) != 1 || got[0] != b {
		t.Errorf("trainable are %v; want b", got)
	}
	trainOn(s, y, b)
	g.Freeze(a)
	if err := g.Err(); err != nil {
		t.Fatal(err)
	}
	g.Freeze(b)
	wantError(t, g.Err(), "trains b already")

	g = New(Config{})
	g.Freeze(a)
	wantError(t, g.Err(), "another graph")
	g = New(Config{})
	g.Unfreeze(nil)
	wantError(t, g.Err(), "nil")
}

// Layers of noise freeze by what is beneath and above them: see Freeze.
func TestFreezeNoise(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	x, flag := double(s, "x"), PlaceholderWithDefault(s, "training", false)
	a, b := f64(s.Sub("first"), "a", 1), f64(s.Sub("second"), "b", 1)
	noisy := func(s *Scope, x *gorgonia.Node) *gorgonia.Node {
		return Merge(s, flag, noise(s.Branch(flag, true), x), x)
	}
	before := noisy(s.NameScope("input"), x)
	first := noisy(s.NameScope("first"), mul(s.NameScope("first"), before, a))
	between := noisy(s.NameScope("between"), first)
	mul(s.NameScope("second"), between, b)
	sess := newSession(t, g, SessionConfig{})
	draws := func(n *gorgonia.Node) bool {
		return mustRun(t, sess, Feeds{x: 1, flag: true}, n).Float(0) != mustRun(t, sess, Feeds{x: 1, flag: true}, n).Float(0)
	}
	check := func(what string, want ...bool) {
		t.Helper()
		for i, n := range []*gorgonia.Node{before, first, between} {
			if got := draws(n); got != want[i] {
				t.Errorf("%s: that noise %d is on is %v", what, i, got)
			}
		}
	}
	check("trained", true, true, true)
	g.Freeze(a)
	check("first layer", false, false, true)
	g.Unfreeze(a)
	check("unfrozen", true, true, true)
	g.Freeze(between)
	check("endpoint", false, false, false)
	g.Unfreeze(a)
	check("endpoint unfrozen", true, true, true)
	g.Freeze(b)
	check("second layer only", true, true, true)
	g.Freeze(a)
	check("all", false, false, false)
	g.Unfreeze(a, b)
	g.Freeze(a)
	check("first layer again", false, false, true)
}

// A session may run while layers are frozen and unfrozen: each Run sees the one or the other.
func TestFreezeWhileRunning(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	x, flag := double(s, "x"), PlaceholderWithDefault(s, "training", false)
	y := x
	for _, name := range []string{"a", "b", "c", "d"} {
		layer := s.Sub(name)
		y = mul(layer, y, f64(layer, "v", 1))
		y = Merge(layer, flag, noise(layer.Branch(flag, true), y), y)
	}
	sess := newSession(t, g, SessionConfig{})
	done := make(chan error)
	stop := make(chan struct{})
	go func() {
		for {
			select {
			case <-stop:
				done <- nil
				return
			default:
			}
			if _, err := sess.Run(Feeds{x: 1, flag: true}, y); err != nil {
				done <- err
				return
			}
		}
	}()
	for range 50 {
		g.Freeze(y)
		for range 2 {
			if got := mustRun(t, sess, Feeds{x: 1, flag: true}, y).Float(0); got != 1 {
				t.Errorf("frozen: %v; want 1, without noise", got)
			}
		}
		g.Unfreeze(y)
	}
	close(stop)
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// noise is x plus a draw.
func noise(s *Scope, x *gorgonia.Node) *gorgonia.Node {
	return Apply(s, OpDef{
		Name:  "Noise",
		Infer: SameFloat,
		Draws: true,
		Kernel: func(b *Binding) (Kernel, error) {
			return func(c *Call) error {
				c.Out.Float64s()[0] = c.In[0].Float64s()[0] + float64(c.Draw) + 1
				return nil
			}, nil
		},
		NotDifferentiable: true,
	}, x)
}
