package graph

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// aliasing views an array's memory in place of copying it.
func aliasing(a *Array) *tensor.Dense {
	return tensor.New(tensor.WithShape(a.shape...), tensor.WithBacking(a.Float64s()))
}

// "Fetched values are copies": a later Run does not change them, nor do they
// share memory with variables, feeds or constants.
func TestFetchedValuesAreCopies(t *testing.T) {
	ablated(t, func(a *ablation) { a.view = aliasing }, func(t *testing.T, with func(*Graph, SessionConfig) *Session) string {
		g := New(Config{})
		s := g.Scope()
		x, v := double(s, "x", -1), f64(s, "v", 1, 1)
		c := ConstOf(s, tensor.Float64, []float64{7})
		y := scale(s, x, 2)
		step := AssignAdd(s, v, x)
		sess := with(g, SessionConfig{})
		in := []float64{3}
		out := mustRun(t, sess, Feeds{x: in}, x, y, v, c, step)
		in[0] = 100
		mustRun(t, sess, Feeds{x: in}, y, step)
		if got := fmt.Sprint(out.Float64s(0), out.Float64s(1), out.Float64s(2), out.Float64s(3), out.Float64s(4)); got != "[3] [6] [1] [7] [4]" {
			return got
		}
		for i := range out { // writing to them changes nothing
			out.Float64s(i)[0] = -1
		}
		again := mustRun(t, sess, Feeds{x: []float64{3}}, y, v, c)
		if got := fmt.Sprint(again.Float64s(0), again.Float64s(1), again.Float64s(2)); got != "[6] [104] [7]" {
			return got
		}
		return ""
	})
}

// "A fetched effect gives nil."
func TestFetchedEffectGivesNil(t *testing.T) {
	var d diary
	g := New(Config{})
	s := g.Scope()
	v := f64(s, "v", 1)
	write := AssignAdd(s, v, OnesLike(s, v))
	sess := newSession(t, g, SessionConfig{})
	out := mustRun(t, sess, nil, Group(s, write), d.note(s, "x"), write)
	if out[0] != nil || out[1] != nil || out.Float(2) != 2 || d.take() != "x" {
		t.Error(out)
	}
}

// "A graph may grow under a live session; variables created later need
// sess.Init(vars...)."
func TestGraphGrowsUnderALiveSession(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	v := f64(s, "v", 1)
	sess := newSession(t, g, SessionConfig{})
	mustRun(t, sess, nil, v)
	w := f64(s, "w", 5)
	y := add(s, v, w)
	_, err := sess.Run(nil, y)
	wantError(t, err, "variable w", "sess.Init()")
	if u := sess.Uninitialized(); len(u) != 1 || u[0] != w {
		t.Error(u)
	}
	if err := sess.Init(w); err != nil {
		t.Error(err)
	}
	if out := mustRun(t, sess, nil, y); out.Float(0) != 6 {
		t.Error(out)
	}
}

// "sess.Init() gives values only to variables that have none: Restore then Init
// wipes nothing. Named variables are drawn anew."
func TestInitKeepsValues(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	a := Variable(s, "a", tensor.Shape{3}, VariableConfig{})
	b := Variable(s, "b", tensor.Shape{3}, VariableConfig{})
	sess, err := NewSession(g, SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer sess.Close()
	if err := sess.SetValue(a, []float32{1, 2, 3}); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := sess.Init(); err != nil {
			t.Fatal(err)
		}
	}
	out := mustRun(t, sess, nil, a, b)
	if fmt.Sprint(out.Float32s(0)) != "[1 2 3]" {
		t.Error("Init changed a value that was there:", out)
	}
	before := fmt.Sprint(out.Float32s(1))
	if err := sess.Init(b); err != nil {
		t.Fatal(err)
	}
	out = mustRun(t, sess, nil, a, b)
	if fmt.Sprint(out.Float32s(0)) != "[1 2 3]" || fmt.Sprint(out.Float32s(1)) == before {
		t.Error("Init(b):", before, out)
	}
	// Another session, with the same seed, draws the same at first.
	if other := mustRun(t, newSession(t, g, SessionConfig{}), nil, b); fmt.Sprint(other.Float32s(0)) != before {
		t.Error("another session draws", other, "not", before)
	}
}

// An initializer that fails leaves the value that there was, and nothing behind for its next try where there was none.
func TestInitThatFails(t *testing.T) {
	g := New(Config{})
	var write, fail bool
	init := initializerFunc(func(i *Initial) error {
		if write {
			i.Out.Float64s()[0] += 7
		}
		if fail {
			return errors.New("no")
		}
		return nil
	})
	v := Variable(g.Scope(), "v", tensor.Shape{2}, VariableConfig{Dtype: tensor.Float64, Initializer: init})
	sess, err := NewSession(g, SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer sess.Close()
	for _, c := range []struct {
		write, fail bool
		want        string // "" where there is no value yet
	}{{true, true, ""}, {false, false, "[0 0]"}, {true, true, "[0 0]"}, {true, false, "[7 0]"}, {false, true, "[7 0]"}} {
		write, fail = c.write, c.fail
		if err := sess.Init(v); (err != nil) != fail {
			t.Fatalf("%+v: %v", c, err)
		}
		x, err := sess.Value(v)
		if c.want == "" && err == nil || c.want != "" && (err != nil || fmt.Sprint(x.Data()) != c.want) {
			t.Errorf("%+v: got %v, %v", c, x, err)
		}
	}
}

// The first value of a variable is made in its own memory.
func TestInitTakesNoMoreThanValues(t *testing.T) {
	const n, small = 1 << 22, 1 << 16
	g := New(Config{})
	Variable(g.Scope(), "v", tensor.Shape{n}, VariableConfig{Initializer: initializerFunc(func(i *Initial) error { return nil })})
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	sess, err := NewSession(g, SessionConfig{})
	if err == nil {
		err = sess.Init()
	}
	runtime.ReadMemStats(&after)
	if err != nil {
		t.Fatal(err)
	}
	defer sess.Close()
	if took := after.TotalAlloc - before.TotalAlloc; took > 4*n+small {
		t.Errorf("a variable of %d bytes took %d", 4*n, took)
	}
}

// Initial values may depend on other variables, which are initialised first.
func TestInitialValueOfAnotherVariable(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	base := f64(s, "base", 4, 2)
	twice := Variable(s, "a_twice", tensor.Shape{2}, VariableConfig{Dtype: tensor.Float64, Initializer: InitialValue(scale(s, base, 2))})
	sess := newSession(t, g, SessionConfig{})
	if out := mustRun(t, sess, nil, twice, base); fmt.Sprint(out.Float64s(0), out.Float64s(1)) != "[8 8] [4 4]" {
		t.Error(out)
	}
	for name, c := range map[string]struct {
		init func(s *Scope, v **gorgonia.Node) Initializer
		want string
	}{
		"shape": {func(s *Scope, _ **gorgonia.Node) Initializer { return InitialValue(ConstOf(s, tensor.Float64, 1)) }, "want float64[2]"},
		"draws": {func(s *Scope, _ **gorgonia.Node) Initializer { return InitialValue(random(s, nil, 2)) }, "draws random numbers"},
		"itself": {func(s *Scope, v **gorgonia.Node) Initializer {
			return initializerFunc(func(i *Initial) error { _, err := i.Eval(*v); return err })
		}, "depends on itself"},
		"panic": {func(*Scope, **gorgonia.Node) Initializer {
			return initializerFunc(func(*Initial) error { panic("oops") })
		}, "oops"},
	} {
		g := New(Config{})
		s := g.Scope()
		var v *gorgonia.Node
		v = Variable(s.Sub("layer"), "v", tensor.Shape{2}, VariableConfig{Dtype: tensor.Float64, Initializer: c.init(s, &v)})
		sess, err := NewSession(g, SessionConfig{})
		if err != nil {
			t.Fatal(name, err)
		}
		wantError(t, sess.Init(), "layer/v", c.want)
	}
}

type initializerFunc func(*Initial) error

func (f initializerFunc) Initialize(v *Initial) error { return f(v) }

// "SessionConfig{From: old} keeps values of equal name, shape and dtype."
func TestFromKeepsEqualVariables(t *testing.T) {
	build := func(size int, dt tensor.Dtype) *Graph {
		g := New(Config{})
		s := g.Scope()
		f64(s.Sub("same"), "v", 1, 2)
		f64(s.Sub("size"), "v", 1, size)
		Variable(s.Sub("dtype"), "v", nil, VariableConfig{Dtype: dt, Initializer: constantly(1)})
		f64(s.Sub("only").Sub(dt.String()), "v", 1)
		return g
	}
	old := build(2, tensor.Float64)
	first := newSession(t, old, SessionConfig{})
	for _, v := range old.Variables() {
		if err := first.SetValue(v, tensor.New(tensor.WithShape(v.Shape()...), tensor.WithBacking(nines(v)))); v.Shape().Dims() > 0 && err != nil {
			t.Fatal(err)
		} else if v.Shape().Dims() == 0 {
			if err := first.SetValue(v, 9); err != nil {
				t.Fatal(err)
			}
		}
	}
	g := build(3, tensor.Float32)
	sess := newSession(t, g, SessionConfig{From: first})
	for name, want := range map[string]string{"same/v": "[9 9]", "size/v": "[1 1 1]", "dtype/v": "1", "only/float32/v": "1"} {
		n, _ := g.Lookup(name)
		value, err := sess.Value(n)
		if err != nil || fmt.Sprint(value.Data()) != want {
			t.Errorf("%s: %v %v, want %s", name, value, err, want)
		}
	}
}

// Of several variables of one name, which Fresh leaves behind, From takes the
// youngest.
func TestFromAfterFresh(t *testing.T) {
	g := New(Config{})
	s := g.Scope().Sub("layer")
	first := newSession(t, g, SessionConfig{})
	var v *gorgonia.Node
	for i := range 5 {
		s.Fresh()
		v = f64(s, "v", float64(i))
		if err := first.Init(); err != nil {
			t.Fatal(err)
		}
	}
	for range 5 {
		second := newSession(t, g, SessionConfig{From: first})
		if out := mustRun(t, second, nil, v); out.Float(0) != 4 {
			t.Error(out)
		}
	}
	s.Fresh()
	v = f64(s, "v", 100)
	if out := mustRun(t, newSession(t, g, SessionConfig{From: first}), nil, v); out.Float(0) != 4 {
		t.Error(out)
	}
}

func nines(v *gorgonia.Node) []float64 {
	out := make([]float64, max(1, v.Shape().TotalSize()))
	for i := range out {
		out[i] = 9
	}
	return out
}

// Several sessions on one graph are independent.
func TestSeveralSessions(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	v := f64(s, "v", 1)
	r := random(s, nil)
	step := AssignAdd(s, v, r)
	a, b := newSession(t, g, SessionConfig{}), newSession(t, g, SessionConfig{})
	first := mustRun(t, a, nil, step).Float(0)
	mustRun(t, a, nil, step)
	if got := mustRun(t, b, nil, v).Float(0); got != 1 {
		t.Error("the other session's variable is", got)
	}
	if got := mustRun(t, b, nil, step).Float(0); got != first {
		t.Error("the other session's first draw differs:", got, first)
	}
}

// A closed session fails, kindly, whatever is asked of it.
func TestClosedSession(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	v := f64(s, "v", 1)
	sess := newSession(t, g, SessionConfig{})
	mustRun(t, sess, nil, v)
	for range 2 {
		if err := sess.Close(); err != nil {
			t.Error(err)
		}
	}
	_, err := sess.Run(nil, v)
	wantError(t, err, "closed")
	_, err = sess.Value(v)
	wantError(t, err, "closed")
	wantError(t, sess.SetValue(v, 1), "closed")
	wantError(t, sess.Init(), "closed")
	wantError(t, sess.Bind(), "closed")
}

// Values and SetValues act on all or none.
func TestSetValues(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	a, b := f64(s, "a", 1, 2), f64(s, "b", 2)
	sess := newSession(t, g, SessionConfig{})
	err := sess.SetValues(map[*gorgonia.Node]interface{}{a: []float64{5, 6}, b: []float64{1, 2}})
	wantError(t, err, "b", "float64[]")
	out, err := sess.Values(a, b)
	if err != nil || fmt.Sprint(out[0].Data(), out[1].Data()) != "[1 1] 2" {
		t.Error(out, err)
	}
	if err := sess.SetValues(map[*gorgonia.Node]interface{}{a: []float64{5, 6}, b: 3}); err != nil {
		t.Error(err)
	}
	out, _ = sess.Values(a, b)
	if fmt.Sprint(out[0].Data(), out[1].Data()) != "[5 6] 3" {
		t.Error(out)
	}
	wantError(t, sess.SetValue(scale(s, a, 1), 1), "Scale", "not a variable")
	wantError(t, sess.SetValue(nil, 1), "not a variable")
	_, err = sess.Value(f64(New(Config{}).Scope(), "v", 1))
	wantError(t, err, "not a variable of this session's graph")
}
