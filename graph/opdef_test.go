package graph

import (
	"fmt"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// InPlace: the output takes the input's memory where nothing else needs that.
func TestInPlace(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	x := double(s, "x", -1)
	var same []bool
	watched := func(in *gorgonia.Node) *gorgonia.Node {
		d := pointwise("Watched", func(x []float64) float64 { return x[0] + 1 })
		inner := d.Kernel
		d.Kernel = func(b *Binding) (Kernel, error) {
			k, err := inner(b)
			return func(c *Call) error {
				same = append(same, c.In[0].Pointer() == c.Out.Pointer())
				return k(c)
			}, err
		}
		return Apply(s, d, in)
	}
	sess := newSession(t, g, SessionConfig{})
	for _, c := range []struct {
		what  string
		fetch func() gorgonia.Nodes
		want  string
		out   float64
	}{
		{"a value that ends there", func() gorgonia.Nodes { return gorgonia.Nodes{watched(scale(s, x, 2))} }, "[true]", 3},
		{"a view of it", func() gorgonia.Nodes { return gorgonia.Nodes{watched(flattened(s, scale(s, x, 2)))} }, "[true]", 3},
		{"a feed", func() gorgonia.Nodes { return gorgonia.Nodes{watched(x)} }, "[false]", 2},
		{"a constant", func() gorgonia.Nodes {
			return gorgonia.Nodes{watched(add(s, ConstOf(s, tensor.Float64, []float64{5}), x)), watched(ConstOf(s, tensor.Float64, []float64{0}))}
		}, "[false true]", 7},
		{"a fetched value", func() gorgonia.Nodes { n := scale(s, x, 2); return gorgonia.Nodes{watched(n), n} }, "[false]", 3},
		{"a value used later", func() gorgonia.Nodes { n := scale(s, x, 2); return gorgonia.Nodes{add(s, watched(n), n)} }, "[false]", 5},
		{"a view used later", func() gorgonia.Nodes {
			n := scale(s, x, 2)
			return gorgonia.Nodes{add(s, watched(flattened(s, n)), n)}
		}, "[false]", 5},
	} {
		same = nil
		fetches := c.fetch()
		out := mustRun(t, sess, Feeds{x: []float64{1}}, fetches...)
		if got := fmt.Sprint(same); got != c.want || out.Float64s(0)[0] != c.out {
			t.Errorf("%s: in place %s, want %s; %v, want %v", c.what, got, c.want, out.Float64s(0), c.out)
		}
	}
}

// Alias: the op's kernel does not run; its memory is the input's.
func TestAliasNeedsNoKernel(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	x := double(s, "x", -1, 2)
	runs := 0
	view := func(in *gorgonia.Node, alias func([]Spec, Spec) int, acts bool) *gorgonia.Node {
		d := identity("View")
		d.Alias, d.Acts = alias, acts
		d.Kernel = func(b *Binding) (Kernel, error) {
			return func(c *Call) error { runs++; c.Out.copyFrom(c.In[0]); return nil }, nil
		}
		return Apply(s, d, in)
	}
	sess := newSession(t, g, SessionConfig{})
	for _, c := range []struct {
		what  string
		n     *gorgonia.Node
		calls int
	}{
		{"alias", view(scale(s, x, 2), AliasFirst, false), 0},
		{"none for these specs", view(scale(s, x, 2), func([]Spec, Spec) int { return -1 }, false), 1},
		{"no such input", view(scale(s, x, 2), func([]Spec, Spec) int { return 5 }, false), 1},
		{"an op that acts has to run", view(scale(s, x, 2), AliasFirst, true), 1},
		{"alias of an alias of the feed", view(view(x, AliasFirst, false), AliasFirst, false), 0},
	} {
		runs = 0
		out := mustRun(t, sess, Feeds{x: []float64{1, 2, 3, 4}}, scale(s, c.n, 1), c.n)
		if runs != c.calls {
			t.Errorf("%s: the kernel ran %d times, want %d", c.what, runs, c.calls)
		}
		if out.Float64s(0)[3] != out.Float64s(1)[3] || out.Float64s(0)[3] < 4 {
			t.Errorf("%s: %v", c.what, out)
		}
	}
}

// ShapeOnly: the operand is resolved when the plan is made and never computed
// for it; its Array has a shape and nothing to read.
func TestShapeOnlyIsNotComputed(t *testing.T) {
	var d diary
	g := New(Config{})
	s := g.Scope()
	x, y := double(s, "x", -1), double(s, "y", -1)
	costly := scale(s.After(d.note(s, "computed")), x, 2)
	ones := OnesLike(s, costly)
	zeros := ZerosLike(s, add(s, x, y))
	sess := newSession(t, g, SessionConfig{})
	out := mustRun(t, sess, Feeds{x: []float64{1, 2, 3}, y: []float64{1, 1, 1}}, ones, zeros)
	if fmt.Sprint(out.Float64s(0), out.Float64s(1)) != "[1 1 1] [0 0 0]" || d.take() != "" {
		t.Error(out)
	}
	if out := mustRun(t, sess, Feeds{costly: []float64{7, 7}}, ones); len(out.Float64s(0)) != 2 {
		t.Error(out)
	}
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Int, tensor.Int32, tensor.Int64, tensor.Uint8, tensor.Bool} {
		p := Placeholder(s, "p", dt, 2)
		out := mustRun(t, sess, Feeds{p: tensor.New(tensor.WithShape(2), tensor.Of(dt))}, OnesLike(s, p), ZerosLike(s, p))
		if got := fmt.Sprint(out.Tensor(0).Data(), out.Tensor(1).Data()); got != "[1 1] [0 0]" && got != "[true true] [false false]" {
			t.Error(dt, got)
		}
	}
}

// Optional: a kernel sees which inputs are absent; with one left for certain,
// the op is that input.
func TestOptionalInputs(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	x, y := double(s, "x", 1), double(s, "y", 1)
	runs := 0
	count := func(in ...*gorgonia.Node) *gorgonia.Node {
		d := pointwise("Count", nil)
		d.InPlace = nil
		for i := range in {
			d.Optional = append(d.Optional, i)
		}
		d.Kernel = func(b *Binding) (Kernel, error) {
			return func(c *Call) error {
				runs++
				n := 0.0
				for _, a := range c.In {
					if !a.Absent() {
						n += a.Float64s()[0]
					}
				}
				c.Out.Float64s()[0] = n
				return nil
			}, nil
		}
		return Apply(s, d, in...)
	}
	p := PlaceholderWithDefault(s, "p", true)
	q := positive(s, y)
	n := count(scale(s.Branch(p, true), x, 1), scale(s.Branch(q, true), x, 10), scale(s.Branch(q, false), x, 100))
	sole := count(scale(s.Branch(p, true), x, 1), scale(s.Branch(p, false), x, 10))
	sess := newSession(t, g, SessionConfig{})
	for _, c := range []struct {
		p       bool
		y       float64
		n, sole float64
		calls   int
	}{{true, 1, 11, 1, 1}, {true, -1, 101, 1, 1}, {false, 1, 10, 10, 1}, {false, -1, 100, 10, 1}} {
		runs = 0
		out := mustRun(t, sess, Feeds{x: []float64{1}, y: []float64{c.y}, p: c.p}, n, sole)
		if out.Float64s(0)[0] != c.n || out.Float64s(1)[0] != c.sole || runs != c.calls {
			t.Errorf("%+v: %v, %d calls", c, out, runs)
		}
	}
}

// NoValue with an effect: the kernel runs, a fetch gives nil, and feeding it is
// refused. An op of this kind without a declared effect but with inputs runs too.
func TestNoValueOps(t *testing.T) {
	var d diary
	g := New(Config{})
	s := g.Scope()
	x := double(s, "x")
	shy := noOp("Shy")
	shy.Kernel = func(*Binding) (Kernel, error) { return func(*Call) error { d.write("shy"); return nil }, nil }
	n, m := d.note(s, "note", x), Apply(s, shy, x)
	sess := newSession(t, g, SessionConfig{})
	if out := mustRun(t, sess, Feeds{x: 1}, n, m); out[0] != nil || out[1] != nil {
		t.Error(out)
	}
	if got := d.take(); got != "note shy" && got != "shy note" {
		t.Error(got)
	}
	if n := len(sess.plans.plans[0].prog.fetches); n != 2 {
		t.Error(n)
	}
}

// A constant that an op makes without inputs is computed once; a large one is
// left to the Run.
func TestFolding(t *testing.T) {
	calls := 0
	constant := func(s *Scope, n int) *gorgonia.Node {
		return Apply(s, OpDef{
			Name:  "Filled",
			Infer: func([]Spec) (Spec, error) { return Spec{tensor.Float64, tensor.Shape{n}}, nil },
			Kernel: func(*Binding) (Kernel, error) {
				return func(c *Call) error { calls++; fillWith(c.Out, 1.5); return nil }, nil
			},
		})
	}
	for _, c := range []struct {
		n     int
		cfg   SessionConfig
		calls int
	}{{8, SessionConfig{}, 1}, {8, SessionConfig{NoFolding: true}, 3}, {foldLimit + 1, SessionConfig{}, 3}} {
		g := New(Config{})
		s := g.Scope()
		calls = 0
		y := sum(s, scale(s, constant(s, c.n), 2))
		sess := newSession(t, g, c.cfg)
		for range 3 {
			if out := mustRun(t, sess, nil, y); out.Float(0) != 3*float64(c.n) {
				t.Error(out)
			}
		}
		if calls != c.calls {
			t.Errorf("%+v: computed %d times, want %d", c.cfg, calls, c.calls)
		}
	}
}
