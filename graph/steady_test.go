package graph

import (
	"fmt"
	"runtime"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// "No allocation in the steady state": an update graph, fetching only a Group,
// with every common form of feed.
func TestSteadyStateAllocatesNothing(t *testing.T) {
	if raceDetector {
		t.Skip("the race detector allocates")
	}
	g := New(Config{})
	s := g.Scope()
	x, k := double(s, "x", -1, 64), double(s, "k")
	labels := Placeholder(s, "labels", tensor.Int64, -1)
	training := PlaceholderWithDefault(s, "training", false)
	w := f64(s, "w", 1, 8, 64)
	noisy := mul(s.Branch(training, true), x, random(s.Branch(training, true), nil, 8, 64))
	h := Merge(s, training, noisy, x)
	pred := positive(s, h)
	h = Merge(s, pred, scale(s.Branch(pred, true), h, 2), scale(s.Branch(pred, false), h, 3))
	cost := mul(s, sum(s, mul(s, h, w)), k)
	dw := grad(s, cost, w)
	step := Group(s, AssignSub(s.After(Identity(s, labels)), w, dw), AssignAdd(s, w, Read(s, w)))
	in := tensor.New(tensor.WithShape(8, 64), tensor.WithBacking(make([]float64, 512)))
	for what, feeds := range map[string]Feeds{
		"slices":   {x: make([]float64, 512), k: 0.5, labels: []int64{1, 2, 3}, training: true},
		"tensors":  {x: in, k: 0.5, labels: []int64{1, 2, 3}},
		"inverted": {x: in, k: 2, labels: []int64{}, training: false},
	} {
		sess := newSession(t, g, SessionConfig{})
		mustRun(t, sess, feeds, step)
		n := testing.AllocsPerRun(50, func() {
			if _, err := sess.Run(feeds, step); err != nil {
				t.Fatal(err)
			}
		})
		if n != 0 {
			t.Errorf("%s: %v allocations a Run", what, n)
		}
	}
}

// The plan cache is bounded in bytes, and keeps what was used last.
func TestPlanCacheIsBounded(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	x := double(s, "x", -1)
	constant := ConstOf(s, tensor.Float64, make([]float64, 4000)) // the graph's own, not the plan's
	cheap := sum(s, add(s, spread(s, sum(s, x), constant), constant))
	big := add(s, spread(s, sum(s, x), constant), scale(s, constant, 2)) // folded
	y := scale(s, x, 2)
	sess := newSession(t, g, SessionConfig{PlanCacheBytes: 20000})
	for n := 1; n <= 200; n++ {
		mustRun(t, sess, Feeds{x: make([]float64, n)}, y)
		mustRun(t, sess, Feeds{x: []float64{1}}, y) // always in use
		if sess.plans.bytes > 20000 {
			t.Fatalf("%d bytes of plans after %d sizes", sess.plans.bytes, n)
		}
	}
	total, kept := 0, false
	for _, p := range sess.plans.plans {
		total += p.prog.bytes
		kept = kept || p.prog.feeds[0].Shape[0] == 1
	}
	if total != sess.plans.bytes || !kept || len(sess.plans.plans) < 3 {
		t.Errorf("%d bytes counted, %d kept, %d plans", total, sess.plans.bytes, len(sess.plans.plans))
	}
	before := len(sess.plans.plans)
	mustRun(t, sess, Feeds{x: []float64{1}}, cheap)
	if len(sess.plans.plans) < before/2 {
		t.Error("a constant of the graph counts as the plan's")
	}
	// One plan that is larger than the bound is kept all the same.
	mustRun(t, sess, Feeds{x: []float64{1}}, big)
	if len(sess.plans.plans) != 1 || sess.plans.plans[0].prog.bytes < 32000 {
		t.Error("the folded constant does not count")
	}
	small := newSession(t, g, SessionConfig{PlanCacheBytes: 1})
	mustRun(t, small, Feeds{x: []float64{1}}, y)
	first := small.plans.plans[0].prog
	mustRun(t, small, Feeds{x: []float64{1}}, y)
	if len(small.plans.plans) != 1 || small.plans.plans[0].prog != first {
		t.Error("a plan is made anew each time")
	}
}

// A plan is made once for equal fetches and shapes, whatever the values, and
// per value of a fed bool.
func TestPlansAreReused(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	x, k := double(s, "x", -1), double(s, "k")
	p := Placeholder(s, "p", tensor.Bool)
	y := Merge(s, p, scale(s, x, 2), x)
	z := add(s, spread(s, k, x), y)
	sess := newSession(t, g, SessionConfig{})
	for i := range 4 {
		mustRun(t, sess, Feeds{x: []float64{float64(i), 2}, k: i, p: true}, y, z)
		mustRun(t, sess, Feeds{p: false, k: float64(i), x: tensor.New(tensor.WithShape(2), tensor.WithBacking([]float64{1, 2}))}, y, z)
		mustRun(t, sess, Feeds{x: [2]float64{}, k: i, p: true}, z, y)
	}
	if n := len(sess.plans.plans); n != 3 {
		t.Errorf("%d plans, want 3", n)
	}
}

// "Same seed, same fetches, feeds and batch: the same bits, whatever GOMAXPROCS
// is."
func TestSameBitsWhateverGOMAXPROCS(t *testing.T) {
	train := func() string {
		g := New(Config{Seed: 5})
		s := g.Scope()
		x := double(s, "x", -1)
		w := Variable(s, "w", tensor.Shape{4096}, VariableConfig{Dtype: tensor.Float64})
		h := mul(s, add(s, x, random(s, nil, 4096)), w)
		cost := sum(s, mul(s, h, h))
		step := AssignSub(s, w, scale(s, grad(s, cost, w), 1e-5))
		sess := newSession(t, g, SessionConfig{})
		in := make([]float64, 4096)
		for i := range in {
			in[i] = float64(i%13) / 7
		}
		for range 10 {
			mustRun(t, sess, Feeds{x: in}, Group(s, step), cost)
		}
		out := mustRun(t, sess, Feeds{x: in}, cost, w)
		return fmt.Sprint(out.Float(0), out.Float64s(1))
	}
	before := runtime.GOMAXPROCS(1)
	defer runtime.GOMAXPROCS(before)
	one := train()
	for _, n := range []int{2, 3, 1} {
		runtime.GOMAXPROCS(n)
		if train() != one {
			t.Errorf("GOMAXPROCS %d gives other bits than 1", n)
		}
	}
}

// Building, differentiating and planning take linear time: see the benchmark of
// the same name for a number.
func deepNet(layers int) (*Graph, *gorgonia.Node, Feeds) {
	g := New(Config{})
	s := g.Scope()
	x := double(s, "x", -1)
	h := x
	for i := range layers {
		l := s.Sub(fmt.Sprintf("layer%d", i))
		w := f64(l, "w", 1, 4)
		h = add(l, mul(l, h, w), scale(l, h, 0.5))
		g.AddUpdate(h, AssignAdd(l, Variable(l, "moving", tensor.Shape{4}, VariableConfig{Dtype: tensor.Float64, NotTrainable: true, Initializer: constantly(0)}), h))
	}
	cost := sum(s, h)
	t := s.NameScope("train").After(g.UpdatesOf(cost)...)
	var steps gorgonia.Nodes
	for i, dw := range Gradients(t, gorgonia.Nodes{cost}, g.Trainable(), nil) {
		steps = append(steps, AssignSub(t, g.Trainable()[i], scale(t, dw, 1e-3)))
	}
	return g, Group(t, steps...), Feeds{x: []float64{1, 2, 3, 4}}
}

func BenchmarkDeepNet(b *testing.B) {
	for _, layers := range []int{100, 200, 400} {
		b.Run(fmt.Sprintf("%d/build", layers), func(b *testing.B) {
			for range b.N {
				deepNet(layers)
			}
		})
		g, step, feeds := deepNet(layers)
		sess := newSession(b, g, SessionConfig{})
		b.Run(fmt.Sprintf("%d/plan", layers), func(b *testing.B) {
			for range b.N {
				sess.plans.clear()
				mustRun(b, sess, feeds, step)
			}
		})
		b.Run(fmt.Sprintf("%d/run", layers), func(b *testing.B) {
			b.ReportAllocs()
			for range b.N {
				mustRun(b, sess, feeds, step)
			}
		})
	}
}
