package graph

import (
	"reflect"
	"slices"
	"testing"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

func namesOf(g *Graph, nodes gorgonia.Nodes) []string {
	names := []string{}
	for _, n := range nodes {
		names = append(names, g.NameOf(n))
	}
	return names
}

// s.Sub prefixes ops and variables, s.NameScope ops only; neither makes the
// scope unique, op names are.
func TestNamesInScopes(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	x := double(s, "x")
	dnn := s.NameScope("dnn")
	h := dnn.Sub("hidden1")
	v := f64(h, "kernel", 1)
	a, b := scale(h, x, 1), scale(dnn.Sub("hidden1"), x, 1)
	c := scale(s, x, 1)
	d := double(s, "x")
	for _, c := range []struct {
		n    *gorgonia.Node
		want string
	}{{x, "x"}, {v, "hidden1/kernel"}, {a, "dnn/hidden1/Scale"}, {b, "dnn/hidden1/Scale_1"}, {c, "Scale"}, {d, "x_1"}} {
		if got := g.NameOf(c.n); got != c.want || c.n.Name() != c.want {
			t.Errorf("%s (%s), want %s", got, c.n.Name(), c.want)
		}
	}
	if h.Path() != "dnn/hidden1" || h.VariablePath() != "hidden1" || s.Path() != "" || h.Graph() != g {
		t.Error(h.Path(), h.VariablePath(), s.Path())
	}
	// A variable keeps op names away from its own.
	if n := Name(s.NameScope("hidden1"), "kernel_1", x); g.NameOf(n) != "hidden1/kernel_1" {
		t.Error(g.NameOf(n))
	}
	Apply(s.NameScope("hidden1"), identity("kernel"), x)
	if _, ok := g.Lookup("hidden1/kernel_2"); !ok {
		t.Error(namesOf(g, g.Operations()))
	}
	if err := g.Err(); err != nil {
		t.Error(err)
	}
}

// "Variable names never are [made unique]: a duplicate is an error that says
// 'give each layer its own s.Sub(...)'."
func TestDuplicateVariable(t *testing.T) {
	g := New(Config{})
	s := g.Scope().NameScope("net").Sub("layer")
	f64(s, "kernel", 1, 2)
	f64(s, "kernel", 1, 3)
	wantError(t, g.Err(), "net/layer/kernel", "layer/kernel is taken by a variable float64[2]", "give each layer its own s.Sub(...)", "s.Reuse()", "(at graph/harness_test.go:")

	g = New(Config{})
	double(g.Scope(), "x")
	f64(g.Scope(), "x", 1)
	wantError(t, g.Err(), "x is taken by an op")
}

// "s.Reuse() (inherited) finds existing variables instead, and they must exist
// with that shape."
func TestReuse(t *testing.T) {
	build := func() (*Graph, *Scope, *gorgonia.Node) {
		g := New(Config{})
		s := g.Scope()
		return g, s, f64(s.Sub("tower"), "kernel", 1, 2, 3)
	}
	g, s, v := build()
	shared := s.NameScope("second").Reuse()
	if got := f64(shared.Sub("tower"), "kernel", 9, 2, 3); got != v || g.Err() != nil {
		t.Error(got, g.Err())
	}
	for _, c := range []struct {
		name  string
		dt    tensor.Dtype
		shape tensor.Shape
		words []string
	}{
		{"kernel", tensor.Float64, tensor.Shape{3, 2}, []string{"tower/kernel is float64[2, 3]", "cannot be reused as float64[3, 2]"}},
		{"kernel", tensor.Float32, tensor.Shape{2, 3}, []string{"tower/kernel is float64[2, 3]", "float32[2, 3]"}},
		{"kernal", tensor.Float64, tensor.Shape{2, 3}, []string{"no variable tower/kernal to reuse", "near: tower/kernel"}},
	} {
		g, s, _ := build()
		n := Variable(s.Reuse().Sub("tower"), c.name, c.shape, VariableConfig{Dtype: c.dt})
		wantError(t, g.Err(), c.words...)
		if sp := SpecOf(n); !IsBad(n) || sp.Dtype != c.dt || !slices.Equal(sp.Shape, c.shape) {
			t.Errorf("the bad node is %v", sp)
		}
	}
}

// "graph.Name(s, name, x) gives an exact alias."
func TestName(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	x := double(s, "x")
	y := Name(s.Sub("net"), "logits", scale(s, x, 2))
	if g.NameOf(y) != "net/logits" {
		t.Error(g.NameOf(y))
	}
	if def, ok := g.OpOf(y); !ok || def.Name != "Identity" {
		t.Error("the op is", def.Name)
	}
	if out := mustRun(t, newSession(t, g, SessionConfig{}), Feeds{x: 3}, g.Node("net/logits:0")); out.Float(0) != 6 {
		t.Error(out)
	}
	Name(s.Sub("net"), "logits", x)
	wantError(t, g.Err(), "net/logits", "taken")
	for _, bad := range []string{"", "a b", "_x", "é"} {
		g := New(Config{})
		Name(g.Scope(), bad, double(g.Scope(), "x"))
		wantError(t, g.Err(), "not allowed")
	}
}

// s.Try joins the errors of native functions to ours.
func TestTry(t *testing.T) {
	g := New(Config{})
	s := g.Scope().Sub("native")
	x := double(s, "x", 2, 2)
	y := s.Try(gorgonia.Tanh(x))
	if g.NameOf(y) != "native/tanh" || IsBad(y) {
		t.Error(g.NameOf(y))
	}
	if got := s.Try(gorgonia.Tanh(x)); got != y { // Gorgonia's merging
		t.Error("two names for one node", g.NameOf(got))
	}
	z := s.Try(gorgonia.Mul(x, double(s, "y", 3, 3)))
	wantError(t, g.Err(), "native/native", "scope_test.go:")
	if !IsBad(z) || !IsBad(scale(s, z, 1)) {
		t.Error("the result is not a bad node")
	}
	g = New(Config{})
	if !IsBad(g.Scope().Try(nil, nil)) {
		t.Error("nil is accepted")
	}
	wantError(t, g.Err(), "no node and no error")
	g = New(Config{})
	g.Scope().Try(gorgonia.NewScalar(gorgonia.NewGraph(), tensor.Float64, gorgonia.WithName("z")), nil)
	wantError(t, g.Err(), "another graph")
}

// "s.Fresh() forgets what was registered beneath a scope, so that a cell can be
// run again."
func TestFresh(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	x := double(s, "x", -1)
	keep := f64(s.Sub("other"), "v", 1)
	var sess *Session
	cell := func(size int) (*gorgonia.Node, *gorgonia.Node) {
		l := s.Sub("layer").Fresh()
		p := double(l, "p", size)
		v := f64(l, "v", float64(size), size)
		y := add(l, v, p)
		g.AddUpdate(y, AssignAdd(l, v, v))
		g.AddToCollection(Losses, y)
		return y, p
	}
	old, oldP := cell(1)
	sess = newSession(t, g, SessionConfig{})
	for size := 1; size <= 12; size++ { // equal shapes too: Gorgonia would merge the inputs
		y, p := cell(size)
		if size == 3 {
			y, p = cell(size)
		}
		if err := sess.Init(); err != nil {
			t.Fatal(err)
		}
		if out := mustRun(t, sess, Feeds{p: make([]float64, size)}, y); out.Float64s(0)[0] != float64(size) || len(out.Float64s(0)) != size {
			t.Errorf("size %d: %v", size, out)
		}
		if g.NameOf(y) != "layer/Add" || len(g.Collection(Losses)) != 1 || len(g.Collection(UpdateOps)) != 1 {
			t.Error(g.NameOf(y), g.Collection(Losses))
		}
		if !reflect.DeepEqual(namesOf(g, g.Variables()), []string{"other/v", "layer/v"}) {
			t.Error(namesOf(g, g.Variables()))
		}
	}
	// The old nodes keep working where they are held.
	if out := mustRun(t, sess, Feeds{oldP: []float64{41}}, old, keep); out.Float64s(0)[0] != 42 || out.Float(1) != 1 {
		t.Error(out)
	}
	if g.Node("x") != x || g.Node("other/v") != keep {
		t.Error("Fresh forgot what is not beneath it")
	}
	// A failed cell is mended by running it again.
	l := s.Sub("layer")
	f64(l, "v", 1)
	wantError(t, g.Err(), "layer/v is taken")
	l.Fresh()
	f64(l, "v", 1)
	if err := g.Err(); err != nil {
		t.Error(err)
	}
}

// "PanicOnError panics with *graph.BuildError at the failing op instead and
// rolls its names, variables and collections back."
func TestPanicOnErrorRollsBack(t *testing.T) {
	g := New(Config{OnError: PanicOnError})
	s := g.Scope()
	x := double(s, "x", 2)
	type snapshot struct {
		Ops, Vars, Updates, Keys []string
		Dot                      string
	}
	take := func() snapshot {
		return snapshot{namesOf(g, g.Operations()), namesOf(g, g.Variables()), namesOf(g, g.Collection(UpdateOps)), g.Collections(), g.Graphviz()}
	}
	before := take()
	failing := func(what string, build func()) {
		t.Helper()
		defer func() {
			t.Helper()
			r := recover()
			be, ok := r.(*BuildError)
			if !ok {
				t.Fatalf("%s: panicked with %v, want a *BuildError", what, r)
			}
			if be.Caller == "" {
				t.Errorf("%s: no caller in %v", what, be)
			}
			if got := take(); !reflect.DeepEqual(got, before) {
				t.Errorf("%s: not rolled back: %v, was %v", what, got, before)
			}
			if g.Err() != nil {
				t.Errorf("%s: the error sticks as well: %v", what, g.Err())
			}
		}()
		build()
	}
	failing("op", func() { add(s, x, double(New(Config{}).Scope(), "x", 2)) })
	failing("variable", func() { f64(s, "x", 1) })
	failing("missing node", func() { g.Node("nowhere") })
	failing("pattern", func() { g.Variables("nothing") })
	layer := func(s *Scope, size int) *gorgonia.Node {
		return s.Sub("layer").Compose(func(s *Scope) *gorgonia.Node {
			v := f64(s, "v", 1, size)
			random(s, nil)
			g.AddUpdate(v, AssignAdd(s, v, v))
			g.AddToCollection(Losses, v)
			return s.Sub("inner").Compose(func(s *Scope) *gorgonia.Node {
				f64(s, "w", 1)
				return add(s, x, v)
			})
		})
	}
	failing("layer", func() { layer(s, 3) })
	failing("gradient", func() { Gradients(s, nil, gorgonia.Nodes{nil}, nil) })
	// The same cell, mended.
	y := layer(s, 2)
	if g.NameOf(y) != "layer/inner/Add" {
		t.Error(g.NameOf(y))
	}
	if out := mustRun(t, newSession(t, g, SessionConfig{}), Feeds{x: []float64{1, 2}}, y); out.Float64s(0)[1] != 3 {
		t.Error(out)
	}
}

// "The first failure sticks to the graph with scope path, op, shapes, cause and
// caller, and surfaces at NewSession, at g.Err(), and at a Run that reaches a
// bad node. A failed op returns a bad node: never nil, with the intended rank
// and dtype, on which our later ops are no-ops."
func TestFirstErrorSticks(t *testing.T) {
	g := New(Config{})
	s := g.Scope().NameScope("dnn").Sub("hidden")
	a, b := double(s, "a", -1, 3), double(s, "b", 4, 2)
	live, err := NewSession(g, SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	bad := add(s, a, b)
	first := g.Err()
	wantError(t, first, "dnn/hidden/Add(float64[?, 3], float64[4, 2])", "want equal shapes", "(at graph/harness_test.go:")
	var be *BuildError
	if !errors.As(first, &be) || be.Path() != "dnn/hidden/Add" || len(be.Inputs) != 2 || errors.Unwrap(first) != be.Cause {
		t.Errorf("%#v", be)
	}
	if bad == nil || SpecOf(bad).Rank() != 2 || SpecOf(bad).Dtype != tensor.Float64 {
		t.Errorf("the bad node is %v", SpecOf(bad))
	}
	next := scale(s.After(bad), sum(s, bad), 2)
	next = Merge(s, Const(s, true), next, next)
	next = Name(s, "named", Identity(s, StopGradient(s, next)))
	group := Group(s, next)
	f64(s, "v", 1)
	f64(s, "v", 1) // a second error does not replace the first
	grads := Gradients(s, gorgonia.Nodes{next}, gorgonia.Nodes{a}, nil)
	if g.Err() != first || !IsBad(next) || !IsBad(group) || grads[0] != nil {
		t.Error(g.Err(), grads)
	}
	if _, err := NewSession(g, SessionConfig{}); err != first {
		t.Errorf("NewSession: %v", err)
	}
	if err := live.Init(); err != first {
		t.Errorf("Init: %v", err)
	}
	for _, n := range []*gorgonia.Node{bad, next, group} {
		_, err := live.Run(Feeds{a: [][]float64{{1, 2, 3}}}, n)
		wantError(t, err, "could not be built", "dnn/hidden/Add")
	}
	_, err = live.Run(Feeds{bad: 1}, a)
	wantError(t, err, "cannot be fed", "dnn/hidden/Add")
	// What does not depend on it still runs.
	if out := mustRun(t, live, Feeds{a: [][]float64{{1, 2, 3}}}, scale(s, a, 2)); out.Float64s(0)[2] != 6 {
		t.Error(out)
	}
}

// A nil or foreign node given to any function of the package is an error.
func TestNilAndForeignNodes(t *testing.T) {
	other := double(New(Config{}).Scope(), "stranger")
	for name, build := range map[string]func(s *Scope, n *gorgonia.Node){
		"Apply":       func(s *Scope, n *gorgonia.Node) { scale(s, n, 1) },
		"second":      func(s *Scope, n *gorgonia.Node) { add(s, double(s, "x"), n) },
		"Identity":    func(s *Scope, n *gorgonia.Node) { Identity(s, n) },
		"Name":        func(s *Scope, n *gorgonia.Node) { Name(s, "name", n) },
		"Read":        func(s *Scope, n *gorgonia.Node) { Read(s, n) },
		"Assign":      func(s *Scope, n *gorgonia.Node) { Assign(s, f64(s, "v", 1), n) },
		"AssignAdd":   func(s *Scope, n *gorgonia.Node) { AssignAdd(s, n, double(s, "x")) },
		"Group":       func(s *Scope, n *gorgonia.Node) { Group(s, n) },
		"After":       func(s *Scope, n *gorgonia.Node) { s.After(n) },
		"Branch":      func(s *Scope, n *gorgonia.Node) { s.Branch(n, true) },
		"Merge pred":  func(s *Scope, n *gorgonia.Node) { Merge(s, n, double(s, "x"), double(s, "x")) },
		"Merge":       func(s *Scope, n *gorgonia.Node) { Merge(s, Const(s, true), double(s, "x"), n) },
		"Aux":         func(s *Scope, n *gorgonia.Node) { Aux(s, n, 0) },
		"OnesLike":    func(s *Scope, n *gorgonia.Node) { OnesLike(s, n) },
		"Gradients y": func(s *Scope, n *gorgonia.Node) { Gradients(s, gorgonia.Nodes{n}, nil, nil) },
		"Gradients x": func(s *Scope, n *gorgonia.Node) { Gradients(s, gorgonia.Nodes{double(s, "x")}, gorgonia.Nodes{n}, nil) },
		"Try":         func(s *Scope, n *gorgonia.Node) { s.Try(n, nil) },
	} {
		for _, n := range []*gorgonia.Node{nil, other} {
			g := New(Config{})
			build(g.Scope().NameScope("net"), n)
			if err := g.Err(); err == nil {
				t.Errorf("%s of %v: no error", name, n)
			}
		}
	}
	g := New(Config{})
	for _, n := range []*gorgonia.Node{nil, other} {
		if g.IsVariable(n) || g.NameOf(n) == "" || len(g.InputsOf(n)) > 0 {
			t.Error("a foreign node is known")
		}
		if _, ok := g.OpOf(n); ok {
			t.Error("a foreign node has an op")
		}
		g.AddToCollection(Losses, n)
		g.UpdatesOf(n)
		g.AddUpdate(n, n)
		if err := g.AsVariable(n); err == nil {
			t.Error("AsVariable accepts it")
		}
	}
	if len(g.Operations()) > 0 || len(g.Collection(Losses)) > 0 {
		t.Error("foreign nodes were registered:", namesOf(g, g.Operations()), namesOf(g, g.Collection(Losses)))
	}
	if _, err := NewSession(nil, SessionConfig{}); err == nil {
		t.Error("a session on nil")
	}
}

// A predicate must be a scalar bool, and a branch keeps its kind.
func TestBadBranches(t *testing.T) {
	for name, c := range map[string]struct {
		build func(s *Scope)
		words []string
	}{
		"dtype":  {func(s *Scope) { s.NameScope("cond").Branch(double(s, "x"), true) }, []string{"cond/Branch", "scalar bool", "float64[]"}},
		"rank":   {func(s *Scope) { s.Branch(Placeholder(s, "p", tensor.Bool, 2), true) }, []string{"scalar bool", "bool[2]"}},
		"dtypes": {func(s *Scope) { Merge(s, Const(s, true), double(s, "x"), Placeholder(s, "y", tensor.Float32)) }, []string{"Merge", "float64[] and float32[]"}},
		"ranks":  {func(s *Scope) { Merge(s, Const(s, true), double(s, "x"), double(s, "y", 2)) }, []string{"Merge", "rank must be equal"}},
		"sizes":  {func(s *Scope) { Merge(s, Const(s, true), double(s, "x", 3), double(s, "y", 2)) }, []string{"Merge", "axis 0 differs"}},
	} {
		g := New(Config{})
		c.build(g.Scope())
		t.Log(name)
		wantError(t, g.Err(), c.words...)
	}
}

// As names an op exactly, as far as the name is free, and only in its own scope.
func TestAs(t *testing.T) {
	g := New(Config{})
	s := g.Scope().NameScope("dnn")
	x := double(s, "x")
	logits := Identity(s.As("logits"), x)
	again := Identity(s.As("logits"), x)
	inner := Identity(s.As("logits").NameScope("loss"), x)
	after := Identity(s.As("update").After(logits), x)
	for n, want := range map[*gorgonia.Node]string{logits: "dnn/logits", again: "dnn/logits_1", inner: "dnn/loss/Identity", after: "dnn/update"} {
		if got := g.NameOf(n); got != want {
			t.Errorf("got the name %s; want %s", got, want)
		}
	}
	if err := g.Err(); err != nil {
		t.Fatal(err)
	}
	if Identity(s.As("no good"), x); g.Err() == nil {
		t.Error("no error for a name with a space")
	}
}
