package graph

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// weighed is x times the sum of all elements of the weights, which it prepares and counts
// how often.
func weighed(s *Scope, made *atomic.Int64, x *gorgonia.Node, weights ...*gorgonia.Node) *gorgonia.Node {
	inputs := make([]int, len(weights))
	for k := range inputs {
		inputs[k] = k + 1
	}
	return Apply(s, OpDef{
		Name:    "Weighed",
		Infer:   SameAs,
		InPlace: []int{0},
		Kernel: func(b *Binding) (Kernel, error) {
			b.Scratch(tensor.Float64, 3)
			k := b.Prepares(tensor.Float64, 1, inputs, func(c *Call, prepared *Array) {
				made.Add(1)
				total := 0.0
				for _, i := range inputs {
					for _, w := range c.In[i].Float64s() {
						total += w
					}
				}
				prepared.Float64s()[0] = total
			})
			return b.Pointwise(func(c *Call, lo, hi int) {
				for i := lo; i < hi; i++ {
					c.Out.Float64s()[i] = c.In[0].Float64s()[i] * c.Prepared[k].Float64s()[0]
				}
			}), nil
		},
	}, append(gorgonia.Nodes{x}, weights...)...)
}

// preparing is a check of Runs of a session: what each gives, and how often it prepares.
type preparing struct {
	*testing.T
	*Session
	made atomic.Int64
}

func (p *preparing) wants(what string, times int64, want string, feeds Feeds, fetches ...*gorgonia.Node) {
	p.Helper()
	p.made.Store(0)
	out := mustRun(p, p.Session, feeds, fetches...)
	if got := fmt.Sprint(out.Float64s(0)); got != want || p.made.Load() != times {
		p.Errorf("%s: %s, prepared %d times; want %s, %d times", what, got, p.made.Load(), want, times)
	}
}

// What depends on variables alone is made once, and again after every kind of write.
func TestPreparesOnceAWrite(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	p := &preparing{T: t}
	x := double(s, "x", -1)
	w, other, start := f64(s, "w", 2, 2), f64(s, "other", 1), f64(s, "start", 7)
	drawn := Variable(s, "drawn", nil, VariableConfig{Dtype: tensor.Float64, Initializer: InitialValue(start)})
	y := weighed(s, &p.made, x, w, ConstOf(s, tensor.Float64, 100.0), drawn)
	assign, elsewhere := AssignAdd(s, w, ConstOf(s, tensor.Float64, []float64{1, 0})), AssignAdd(s, other, ConstOf(s, tensor.Float64, 1.0))
	var fail error
	broken := Apply(s, OpDef{
		Name: "Broken", Infer: SameAs, Updates: []int{0},
		Kernel: func(*Binding) (Kernel, error) {
			return func(c *Call) error { c.Out.Float64s()[0] = 1000; panic("half written") }, nil
		},
	}, w)
	refused := AssignAdd(s, w, failing(s, ConstOf(s, tensor.Float64, []float64{1, 0}), &fail))
	p.Session = newSession(t, g, SessionConfig{})
	feeds := Feeds{x: []float64{1, 2}}
	p.wants("first", 1, "[111 222]", feeds, y)
	p.wants("again", 0, "[111 222]", feeds, y)
	mustRun(t, p.Session, nil, elsewhere)
	p.wants("after a write of another variable", 0, "[111 222]", feeds, y)
	mustRun(t, p.Session, nil, assign)
	p.wants("after an assignment", 1, "[112 224]", feeds, y)
	p.wants("again", 0, "[112 224]", feeds, y)
	if err := p.SetValue(w, []float64{5, 5}); err != nil {
		t.Fatal(err)
	}
	p.wants("after SetValue", 1, "[117 234]", feeds, y)
	if err := p.SetValue(start, 8.0); err != nil {
		t.Fatal(err)
	}
	p.wants("after SetValue of another variable", 0, "[117 234]", feeds, y)
	if err := p.Init(drawn); err != nil {
		t.Fatal(err)
	}
	p.wants("after Init", 1, "[118 236]", feeds, y)
	if _, err := p.Session.Run(nil, broken); err == nil {
		t.Fatal("a panic is no error")
	}
	p.wants("after half a write", 1, "[1113 2226]", feeds, y)
	fail = errorf("refused")
	if _, err := p.Session.Run(nil, refused); err == nil {
		t.Fatal("a failure is no error")
	}
	p.wants("after a write that failed before", 0, "[1113 2226]", feeds, y)

	// Another session has values of its own.
	q := newSession(t, g, SessionConfig{From: p.Session})
	if err := q.SetValue(w, []float64{0, 0}); err != nil {
		t.Fatal(err)
	}
	if out := mustRun(t, q, feeds, y); fmt.Sprint(out.Float64s(0)) != "[108 216]" {
		t.Errorf("another session: %v", out[0])
	}
	p.wants("beside another session", 0, "[1113 2226]", feeds, y)
}

// What is fed, computed or written in the same Run is prepared in each Run, from the
// value that the op is to see.
func TestPreparesInEveryRun(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	p := &preparing{T: t}
	x := double(s, "x", -1)
	w := f64(s, "w", 1, 2)
	plus := AssignAdd(s, w, ConstOf(s, tensor.Float64, []float64{1, 0}))
	y := weighed(s, &p.made, x, w)
	p.Session = newSession(t, g, SessionConfig{})
	feeds := Feeds{x: []float64{1}}
	p.wants("kept", 1, "[2]", feeds, y)
	for _, c := range []struct {
		what    string
		y       *gorgonia.Node
		feeds   Feeds
		beside  gorgonia.Nodes
		written float64 // w[0] when the Run begins
		want    string
	}{
		{"fed", y, Feeds{x: []float64{1}, w: []float64{3, 4}}, nil, 1, "[7]"},
		{"computed", weighed(s, &p.made, x, scale(s, w, 2)), feeds, nil, 1, "[4]"},
		{"an extra output", weighed(s, &p.made, x, Aux(s, centred(s, w, nil), 0)), feeds, nil, 1, "[1]"},
		{"the old value", y, feeds, gorgonia.Nodes{plus}, 1, "[2]"},
		{"the old value after the write", weighed(s, &p.made, mul(s, x, spread(s, sum(s, plus), x)), w), feeds, nil, 1, "[6]"},
		{"the new value", weighed(s, &p.made, x, plus), feeds, nil, 1, "[3]"},
		{"a fresh read", weighed(s, &p.made, x, Read(s.After(plus), w)), feeds, nil, 1, "[3]"},
	} {
		for range 2 {
			if err := p.SetValue(w, []float64{c.written, 1}); err != nil {
				t.Fatal(err)
			}
			p.wants(c.what, 1, c.want, c.feeds, append(gorgonia.Nodes{c.y}, c.beside...)...)
		}
	}
	p.wants("kept all the while", 1, "[3]", feeds, y) // "a fresh read" has written
	p.wants("kept all the while", 0, "[3]", feeds, y)
}

// Plans share what they prepare alike, and it goes with the last of them.
func TestPlansSharePreparations(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	p := &preparing{T: t}
	x := double(s, "x", -1)
	left := PlaceholderWithDefault(s, "left", true)
	a, b := f64(s, "a", 2), f64(s, "b", 3)
	y := weighed(s, &p.made, x, Merge(s, left, a, b))
	z := scale(s, y, 2)
	p.Session = newSession(t, g, SessionConfig{})
	bytes := func(want int) {
		t.Helper()
		if r := p.MemoryReport(); r.PreparedBytes != want || r.TotalBytes() < want {
			t.Errorf("%d bytes are reported as prepared; want %d", r.PreparedBytes, want)
		}
	}
	bytes(0)
	p.wants("one row", 1, "[2]", Feeds{x: []float64{1}}, y)
	p.wants("two rows", 0, "[2 4]", Feeds{x: []float64{1, 2}}, y)
	p.wants("in a chain", 0, "[4 8]", Feeds{x: []float64{1, 2}}, z)
	if !has(p.Session, "Weighed+Scale") {
		t.Error("an op that prepares heads no chain")
	}
	bytes(8)
	p.wants("of another variable", 1, "[3]", Feeds{x: []float64{1}, left: false}, y)
	bytes(16)
	p.wants("another op", 1, "[2]", Feeds{x: []float64{1}}, weighed(s, &p.made, x, a))
	bytes(24)
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	bytes(0)

	p.Session = newSession(t, g, SessionConfig{PlanCacheBytes: 1}) // keeps one plan
	p.wants("one row", 1, "[2]", Feeds{x: []float64{1}}, y)
	p.wants("two rows", 0, "[2 4]", Feeds{x: []float64{1, 2}}, y)
	p.wants("of another variable", 1, "[3]", Feeds{x: []float64{1}, left: false}, y)
	bytes(8)
	p.wants("forgotten", 1, "[2]", Feeds{x: []float64{1}}, y)
}

// Each link of a chain prepares for itself; none from a value of the chain.
func TestLinksPrepare(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	p := &preparing{T: t}
	x := double(s, "x", -1)
	v, w := f64(s, "v", 2), f64(s, "w", 3)
	y := weighed(s, &p.made, scale(s, weighed(s, &p.made, x, v), 10), w, v)
	h := scale(s, x, 2)
	z := weighed(s, &p.made, h, h)
	p.Session = newSession(t, g, SessionConfig{})
	p.wants("two links", 2, "[100 200]", Feeds{x: []float64{1, 2}}, y)
	if !has(p.Session, "Weighed+Scale+Weighed") {
		t.Errorf("the steps are %v", opsOf(p.Session))
	}
	p.wants("two links again", 0, "[100 200]", Feeds{x: []float64{1, 2}}, y)
	if err := p.SetValue(w, 4.0); err != nil {
		t.Fatal(err)
	}
	p.wants("one has changed", 1, "[120 240]", Feeds{x: []float64{1, 2}}, y)
	p.wants("one is fed", 1, "[140 280]", Feeds{x: []float64{1, 2}, w: 5.0}, y)
	p.wants("from the value before", 1, "[12 24]", Feeds{x: []float64{1, 2}}, z)
	if has(p.Session, "Scale+Weighed") {
		t.Error("it was prepared before the value was there")
	}
	// Gorgonia's machines, and constants, evaluate an op by itself.
	p.wants("folded", 1, "[6]", nil, weighed(s, &p.made, ConstOf(s, tensor.Float64, []float64{2}), ConstOf(s, tensor.Float64, 3.0)))
}

// An update may write over what it is given, but does not take it in where it prepares from it.
func TestUpdatesPrepareFromValues(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	x, v := double(s, "x", 2), f64(s, "v", 1, 2)
	step := Apply(s, OpDef{
		Name:    "AddSum",
		Infer:   SameAs,
		Updates: []int{0},
		Kernel: func(b *Binding) (Kernel, error) {
			k := b.Prepares(tensor.Float64, 1, []int{1}, func(c *Call, prepared *Array) {
				prepared.Float64s()[0] = c.In[1].Float64s()[0] + c.In[1].Float64s()[1]
			})
			return b.Pointwise(func(c *Call, lo, hi int) {
				for i := lo; i < hi; i++ {
					c.Out.Float64s()[i] += c.Prepared[k].Float64s()[0]
				}
			}), nil
		},
	}, v, scale(s, x, 10))
	sess := newSession(t, g, SessionConfig{})
	for _, want := range []string{"[31 31]", "[61 61]"} {
		if got := fmt.Sprint(mustRun(t, sess, Feeds{x: []float64{1, 2}}, step).Float64s(0)); got != want {
			t.Errorf("%s; want %s", got, want)
		}
	}
}

// A preparation that panics fails its Run and is made again in the next, whether the
// session keeps it or not.
func TestPreparationPanics(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	x, w := double(s, "x", 1), f64(s, "w", 2, 1)
	broken := false
	y := Apply(s, OpDef{
		Name:  "Weighed",
		Infer: SameAs,
		Kernel: func(b *Binding) (Kernel, error) {
			k := b.Prepares(tensor.Float64, 1, []int{1}, func(c *Call, prepared *Array) {
				prepared.Float64s()[0] = -1
				if broken {
					panic("broken")
				}
				prepared.Float64s()[0] = c.In[1].Float64s()[0]
			})
			return func(c *Call) error {
				c.Out.Float64s()[0] = c.In[0].Float64s()[0] * c.Prepared[k].Float64s()[0]
				return nil
			}, nil
		},
	}, x, w)
	sess := newSession(t, g, SessionConfig{})
	for _, feeds := range []Feeds{{x: []float64{3}}, {x: []float64{3}, w: []float64{2}}} {
		mustRun(t, sess, feeds, y)
		if err := sess.SetValue(w, []float64{2}); err != nil {
			t.Fatal(err)
		}
		broken = true
		_, err := sess.Run(feeds, y)
		wantError(t, err, "Weighed", "panicked", "broken")
		broken = false
		if got := mustRun(t, sess, feeds, y).Float64s(0)[0]; got != 6 {
			t.Errorf("after the panic: %v; want 6", got)
		}
	}
}

// In a branch that is decided in the Run, what is not needed is not prepared.
func TestPreparesInTakenBranches(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	p := &preparing{T: t}
	x := double(s, "x", -1)
	w := f64(s, "w", 2)
	pred := positive(s, x)
	y := Merge(s, pred, weighed(s.Branch(pred, true), &p.made, x, w), scale(s.Branch(pred, false), x, 5))
	p.Session = newSession(t, g, SessionConfig{})
	p.wants("not taken", 0, "[-5]", Feeds{x: []float64{-1}}, y)
	p.wants("taken", 1, "[2]", Feeds{x: []float64{1}}, y)
	p.wants("taken again", 0, "[4]", Feeds{x: []float64{2}}, y)
	if err := p.SetValue(w, 3.0); err != nil {
		t.Fatal(err)
	}
	p.wants("not taken after a write", 0, "[-5]", Feeds{x: []float64{-1}}, y)
	p.wants("taken after a write", 1, "[3]", Feeds{x: []float64{1}}, y)
}

// Runs side by side share one preparation, and see it whole whoever writes between.
func TestPreparesBesideWrites(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	var made atomic.Int64
	x := double(s, "x", -1)
	w := f64(s, "w", 1, 100)
	y := weighed(s, &made, x, w)
	plus := AssignAdd(s, w, ConstOf(s, tensor.Float64, repeated(100, 1)))
	sess := newSession(t, g, SessionConfig{})
	var wg sync.WaitGroup
	for k := range 4 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			last := 0.0
			for i := range 200 {
				if k == 0 && i%4 == 0 {
					if _, err := sess.Run(nil, plus); err != nil {
						t.Error(err)
					}
				}
				out, err := sess.Run(Feeds{x: repeated(1+i%3, 1)}, y)
				if err != nil {
					t.Error(err)
					return
				}
				for _, v := range out.Float64s(0) {
					if v != out.Float64s(0)[0] || v < last || int(v)%100 != 0 {
						t.Errorf("the weights' sum is %v after %v", v, last)
					}
				}
				last = out.Float64s(0)[0]
			}
		}()
	}
	wg.Wait()
	if out := mustRun(t, sess, Feeds{x: []float64{1}}, y); out.Float64s(0)[0] != 5100 {
		t.Errorf("in the end the sum is %v; want 5100", out[0])
	}
	// Plans that were made at the same time have forms of their own.
	if n := made.Load(); n > 51*4 {
		t.Errorf("prepared %d times for 51 values in 3 plans", n)
	}
}

// repeated is n times the same number.
func repeated(n int, v float64) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = v
	}
	return x
}

func TestPreparedAllocatesNothing(t *testing.T) {
	if raceDetector {
		t.Skip("the race detector allocates")
	}
	g := New(Config{})
	s := g.Scope()
	var made atomic.Int64
	x := double(s, "x", 8)
	w, v := f64(s, "w", 1, 8), f64(s, "v", 1, 8)
	y := weighed(s, &made, scale(s, weighed(s, &made, x, w), 2), w, v)
	step := Group(s, AssignSub(s, v, y))
	sess := newSession(t, g, SessionConfig{})
	feeds := Feeds{x: make([]float64, 8)}
	mustRun(t, sess, feeds, step)
	before := made.Load()
	if n := testing.AllocsPerRun(50, func() {
		if _, err := sess.Run(feeds, step); err != nil {
			t.Fatal(err)
		}
	}); n != 0 {
		t.Errorf("%v allocations a Run", n)
	}
	if n := made.Load() - before; n != 51 {
		t.Errorf("prepared %d times in 51 Runs; want once in each, of v, and of w never", n)
	}
}
