package graph

import (
	"fmt"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

func grad(s *Scope, y, x *gorgonia.Node) *gorgonia.Node {
	return Gradients(s, gorgonia.Nodes{y}, gorgonia.Nodes{x}, nil)[0]
}

// Gradients sums over ys, takes grad_ys, and may be called again and again:
// each call gives its own right numbers and changes no node that exists.
func TestGradientsRepeatedly(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	x, w := double(s, "x", -1), f64(s, "w", 3, 2)
	h := mul(s, x, w) // shared by both costs
	a, b := sum(s, h), mul(s, h, h)
	before := g.Graphviz(a, b)
	xs := gorgonia.Nodes{w, x}
	ga := Gradients(s, gorgonia.Nodes{a}, xs, nil)
	gb := Gradients(s, gorgonia.Nodes{b}, xs, nil)
	again := Gradients(s, gorgonia.Nodes{a}, xs, nil)
	both := Gradients(s, gorgonia.Nodes{a, b}, xs, nil)
	seed := Gradients(s, gorgonia.Nodes{a, b}, xs, gorgonia.Nodes{ConstOf(s, tensor.Float64, 10), nil})
	twiceTheSame := Gradients(s, gorgonia.Nodes{a, a}, gorgonia.Nodes{w, w}, nil)
	throughItself := Gradients(s, gorgonia.Nodes{b, h}, gorgonia.Nodes{h, w}, nil)
	if after := g.Graphviz(a, b); after != before {
		t.Error("Gradients changed the graph beneath the costs")
	}
	sess := newSession(t, g, SessionConfig{})
	feeds := Feeds{x: []float64{5, -2}}
	for _, c := range []struct {
		what string
		n    *gorgonia.Node
		want string
	}{
		{"da/dw", ga[0], "[5 -2]"},
		{"da/dx", ga[1], "[3 3]"},
		{"db/dw = 2x²w", gb[0], "[150 24]"},
		{"db/dx = 2xw²", gb[1], "[90 -36]"},
		{"da/dw again", again[0], "[5 -2]"},
		{"d(a+b)/dw", both[0], "[155 22]"},
		{"d(10a+b)/dw", seed[0], "[200 4]"},
		{"d(a+a)/dw", twiceTheSame[0], "[10 -4]"},
		{"the same x twice", twiceTheSame[1], "[10 -4]"},
		{"d(b+h)/dh = 2h+1", throughItself[0], "[31 -11]"},
		{"d(b+h)/dw", throughItself[1], "[155 22]"},
	} {
		if got := fmt.Sprint(mustRun(t, sess, feeds, c.n).Float64s(0)); got != c.want {
			t.Errorf("%s: %s, want %s", c.what, got, c.want)
		}
	}
	// Gorgonia's own Grad gets such repetitions wrong; ours may be
	// differentiated again.
	second := grad(s, gb[0], w) // 2x²
	third := grad(s, second, w)
	mixed := grad(s, gb[0], x) // 4xw
	fourth := grad(s, second, x)
	out := mustRun(t, sess, feeds, second, mixed, fourth)
	if got := fmt.Sprint(out.Float64s(0), out.Float64s(1), out.Float64s(2)); got != "[50 8] [60 -24] [20 -8]" {
		t.Error("second order:", got)
	}
	if third != nil {
		if got := mustRun(t, sess, feeds, third).Float64s(0); got[0] != 0 {
			t.Error("third order:", got)
		}
	}
	if err := g.Err(); err != nil {
		t.Error(err)
	}
}

// A gradient is nil only where nothing connects or nothing is differentiable.
func TestNilGradients(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	x, y := double(s, "x"), double(s, "y")
	stopped := mul(s, StopGradient(s, x), y)
	n := Placeholder(s, "n", tensor.Int64)
	r := mul(s, random(s, nil), x)
	like := OnesLike(s, x) // depends on the shape only
	for what, nodes := range map[string]gorgonia.Nodes{
		"unconnected":   Gradients(s, gorgonia.Nodes{scale(s, x, 1)}, gorgonia.Nodes{y}, nil),
		"stopped":       Gradients(s, gorgonia.Nodes{stopped}, gorgonia.Nodes{x}, nil),
		"integer":       Gradients(s, gorgonia.Nodes{x}, gorgonia.Nodes{n}, nil),
		"shape":         Gradients(s, gorgonia.Nodes{like}, gorgonia.Nodes{x}, nil),
		"new value":     Gradients(s, gorgonia.Nodes{AssignAdd(s, f64(s, "v", 1), x)}, gorgonia.Nodes{x}, nil),
		"predicate":     Gradients(s, gorgonia.Nodes{Merge(s, positive(s, x), y, y)}, gorgonia.Nodes{x}, nil),
		"spread's like": Gradients(s, gorgonia.Nodes{spread(s, y, x)}, gorgonia.Nodes{x}, nil),
	} {
		if len(nodes) != 1 || nodes[0] != nil {
			t.Errorf("%s: %v", what, nodes)
		}
	}
	if grad(s, stopped, y) == nil || grad(s, r, x) == nil || grad(s, Read(s, f64(s, "u", 1)), g.Node("u")) == nil {
		t.Error("a gradient is missing")
	}
	if err := g.Err(); err != nil {
		t.Error(err)
	}
}

// "An op without [a gradient] on the path is an error naming it", and so is a
// gradient of a wrong kind, and what cannot be asked.
func TestGradientErrors(t *testing.T) {
	opaque := func(s *Scope, x *gorgonia.Node) *gorgonia.Node {
		d := pointwise("Opaque", func(x []float64) float64 { return x[0] })
		return Apply(s, d, x)
	}
	crooked := func(s *Scope, x *gorgonia.Node, gradient func(s *Scope, grad *gorgonia.Node) gorgonia.Nodes) *gorgonia.Node {
		d := pointwise("Crooked", func(x []float64) float64 { return x[0] })
		d.Gradient = func(s *Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes { return gradient(s, grad) }
		return Apply(s, d, x)
	}
	for name, c := range map[string]struct {
		build func(s *Scope, x *gorgonia.Node) gorgonia.Nodes
		words []string
	}{
		"no gradient": {func(s *Scope, x *gorgonia.Node) gorgonia.Nodes {
			return Gradients(s, gorgonia.Nodes{scale(s, opaque(s.NameScope("layer"), scale(s, x, 2)), 3)}, gorgonia.Nodes{x}, nil)
		}, []string{"Gradients", "layer/Opaque (Opaque)", "has no gradient"}},
		"integer cost": {func(s *Scope, x *gorgonia.Node) gorgonia.Nodes {
			return Gradients(s, gorgonia.Nodes{Placeholder(s, "labels", tensor.Int64, 3)}, gorgonia.Nodes{x}, nil)
		}, []string{"labels", "int64[3]", "only float"}},
		"count": {func(s *Scope, x *gorgonia.Node) gorgonia.Nodes {
			return Gradients(s, gorgonia.Nodes{x}, gorgonia.Nodes{x}, gorgonia.Nodes{x, x})
		}, []string{"1 ys but 2 gradYs"}},
		"gradY shape": {func(s *Scope, x *gorgonia.Node) gorgonia.Nodes {
			return Gradients(s, gorgonia.Nodes{x}, gorgonia.Nodes{x}, gorgonia.Nodes{double(s, "gy", 3)})
		}, []string{"x is float64[3]", "want float64[2]"}},
		"shape": {func(s *Scope, x *gorgonia.Node) gorgonia.Nodes {
			return Gradients(s, gorgonia.Nodes{crooked(s, x, func(s *Scope, grad *gorgonia.Node) gorgonia.Nodes { return gorgonia.Nodes{sum(s, grad)} })}, gorgonia.Nodes{x}, nil)
		}, []string{"Crooked", "input 0", "float64[]", "want float64[2]"}},
		"fails": {func(s *Scope, x *gorgonia.Node) gorgonia.Nodes {
			return Gradients(s, gorgonia.Nodes{crooked(s, x, func(s *Scope, grad *gorgonia.Node) gorgonia.Nodes {
				return gorgonia.Nodes{s.Failf("CrookedGrad", gorgonia.Nodes{grad}, "not today")}
			})}, gorgonia.Nodes{x}, nil)
		}, []string{"CrookedGrad", "not today"}},
		"panics": {func(s *Scope, x *gorgonia.Node) gorgonia.Nodes {
			return Gradients(s, gorgonia.Nodes{crooked(s, x, func(s *Scope, grad *gorgonia.Node) gorgonia.Nodes { panic("oops") })}, gorgonia.Nodes{x}, nil)
		}, []string{"Crooked", "panicked", "oops"}},
	} {
		t.Run(name, func(t *testing.T) {
			g := New(Config{})
			s := g.Scope().NameScope("net")
			grads := c.build(s, double(g.Scope(), "x", 2))
			wantError(t, g.Err(), c.words...)
			if len(grads) != 1 {
				t.Error(grads)
			}
		})
	}
}

// A fused op with an extra output: y = a*b and, beside it, a+b; both are
// differentiated through the composite form.
func fused(s *Scope, a, b *gorgonia.Node) (y, extra *gorgonia.Node) {
	n := Apply(s, OpDef{
		Name:  "Fused",
		Infer: SameAs,
		Aux:   func(in []Spec) ([]Spec, error) { return []Spec{in[0], {Dtype: tensor.Int64}}, nil },
		Kernel: func(b *Binding) (Kernel, error) {
			k := b.Scratch(tensor.Float64, 4)
			return func(c *Call) error {
				c.Scratch[k].Float64s()[3] = 1
				for i, x := range c.In[0].Float64s() {
					y := c.In[1].Float64s()[i]
					c.Out.Float64s()[i], c.Aux[0].Float64s()[i] = x*y, x+y
				}
				c.Aux[1].Int64s()[0] = int64(c.Out.Size())
				return nil
			}, nil
		},
		Composite: func(s *Scope, in gorgonia.Nodes) gorgonia.Nodes {
			return gorgonia.Nodes{mul(s, in[0], in[1]), add(s, in[0], in[1])}
		},
	}, a, b)
	return n, Aux(s, n, 0)
}

// Extra outputs, with a composite form for their gradient, of any order, with
// an input given twice and with one input computed from the other.
func TestCompositeGradients(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	x := double(s, "x", -1)
	y, extra := fused(s, x, scale(s, x, 3)) // 3x², 4x
	double, extraOfDouble := fused(s.NameScope("twice"), x, x)
	cost := mul(s, y, extra) // 12x³
	first := grad(s, cost, x)
	second := grad(s, first, x)
	feeds := Feeds{x: []float64{1, -2, 0.5}}
	for _, n := range (gorgonia.Nodes{y, extra, cost, first, second, double, extraOfDouble, mul(s, double, extraOfDouble)}) {
		if err := CheckGradients(g, feeds, n, gorgonia.Nodes{x}, CheckConfig{}); err != nil {
			t.Error(err)
		}
	}
	count := Aux(s, y, 1)
	out := mustRun(t, newSession(t, g, SessionConfig{}), feeds, y, extra, first, second, count)
	if got := fmt.Sprint(out.Float64s(0), out.Float64s(1), out.Float64s(2), out.Float64s(3), out.Float(4)); got != "[3 12 0.75] [4 -8 2] [36 144 9] [72 -144 36] 3" {
		t.Error(got)
	}
	if out := mustRun(t, newSession(t, g, SessionConfig{}), feeds, extra); out.Float64s(0)[0] != 4 {
		t.Error("the extra output alone:", out)
	}
	Aux(s, y, 2)
	wantError(t, g.Err(), "2 extra outputs", "no number 2")
}

// An extra output without a composite form has no gradient, which is an error
// and not a silent nil.
func TestExtraOutputWithoutGradient(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	x := double(s, "x", 2)
	d := addDef()
	d.Aux = func(in []Spec) ([]Spec, error) { return in[:1], nil }
	y := Apply(s, d, x, x)
	if grad(s, y, x) == nil || g.Err() != nil {
		t.Error(g.Err())
	}
	grad(s, Aux(s, y, 0), x)
	wantError(t, g.Err(), "Add_aux", "no gradient")

	g = New(Config{})
	s = g.Scope()
	Aux(s, double(s, "x", 2), 0)
	wantError(t, g.Err(), "x has no extra outputs")
}

// Gradients through branches, with a predicate that is fed or computed.
func TestGradientsThroughBranches(t *testing.T) {
	for _, decided := range []bool{false, true} {
		for _, at := range []float64{2, -2} {
			g := New(Config{})
			s := g.Scope()
			x, w := double(s, "x", -1), f64(s, "w", 3, 1)
			pred := positive(s, x)
			if decided {
				pred = Placeholder(s, "pred", tensor.Bool)
			}
			yes, no := s.Branch(pred, true), s.Branch(pred, false)
			y := Merge(s, pred, mul(yes, mul(yes, x, x), w), scale(no, x, -3))
			y = add(s, y, mul(s, x, w))
			feeds := Feeds{x: []float64{at}}
			if decided {
				feeds[pred] = at > 0
			}
			first := Gradients(s, gorgonia.Nodes{y}, gorgonia.Nodes{x, w}, nil)
			for i, n := range append(gorgonia.Nodes{y}, first...) {
				if err := CheckGradients(g, feeds, n, gorgonia.Nodes{x, w}, CheckConfig{}); err != nil {
					t.Errorf("decided %v, x %v, %d: %v", decided, at, i, err)
				}
			}
			// Inside one branch only: zero where that is not taken.
			inside := mul(yes, x, w)
			dx := grad(s, inside, x)
			out, err := newSession(t, g, SessionConfig{}).Run(feeds, dx)
			switch {
			case err != nil && (!decided || at > 0):
				t.Errorf("decided %v, x %v: %v", decided, at, err)
			case err == nil && at > 0 && out.Float64s(0)[0] != 3, err == nil && at < 0 && out.Float64s(0)[0] != 0:
				t.Errorf("decided %v, x %v: %v", decided, at, out)
			}
		}
	}
}

// CheckGradients catches a wrong gradient, and leaves the caller's feeds alone.
func TestCheckGradientsCatchesAWrongOne(t *testing.T) {
	wrong := func(s *Scope, x *gorgonia.Node, factor float64) *gorgonia.Node {
		d := pointwise("Cube", func(x []float64) float64 { return x[0] * x[0] * x[0] })
		d.Gradient = func(s *Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return gorgonia.Nodes{mul(s, grad, scale(s, mul(s, in[0], in[0]), factor))}
		}
		return Apply(s, d, x)
	}
	g := New(Config{})
	s := g.Scope()
	x, v := double(s, "x", -1), f64(s, "v", 2, 3)
	in := []float64{1, -2, 3}
	feeds := Feeds{x: in}
	for _, n := range (gorgonia.Nodes{x, v}) {
		if err := CheckGradients(g, feeds, wrong(s, n, 3), gorgonia.Nodes{n}, CheckConfig{}); err != nil {
			t.Error(err)
		}
		err := CheckGradients(g, feeds, wrong(s.NameScope("layer"), n, 3.001), gorgonia.Nodes{n}, CheckConfig{})
		wantError(t, err, "layer/Cube", "with respect to "+g.NameOf(n), "finite differences")
	}
	if fmt.Sprint(in) != "[1 -2 3]" || len(feeds) != 1 {
		t.Error("the feeds were changed:", feeds)
	}
	// A missing gradient counts as zero.
	wantError(t, CheckGradients(g, feeds, StopGradient(s, wrong(s, x, 3)), gorgonia.Nodes{x}, CheckConfig{}), "is 0;")
	// Random ops are held at one draw; a scalar cost works.
	noisy := sum(s, mul(s, random(s, nil, 3), wrong(s, v, 3)))
	if err := CheckGradients(g, nil, noisy, gorgonia.Nodes{v}, CheckConfig{}); err != nil {
		t.Error(err)
	}
	wantError(t, CheckGradients(g, feeds, Placeholder(s, "f", tensor.Float32), gorgonia.Nodes{x}, CheckConfig{}), "f is float32", "want float64")
	wantError(t, CheckGradients(g, feeds, nil, gorgonia.Nodes{x}, CheckConfig{}), "want float64")
	wantError(t, CheckGradients(g, nil, wrong(s, x, 3), gorgonia.Nodes{x}, CheckConfig{}), "x", "must be fed")
}
