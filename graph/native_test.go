package graph

import (
	"fmt"
	"math"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

func must(n *gorgonia.Node, err error) *gorgonia.Node {
	if err != nil {
		panic(err)
	}
	return n
}

// A graph that was built with Gorgonia alone, wrapped: the Session, by
// fallback, gives the TapeMachine's numbers, gradients included.
func TestWrapGivesTheTapeMachinesNumbers(t *testing.T) {
	for _, dt := range []tensor.Dtype{tensor.Float64, tensor.Float32} {
		eg := gorgonia.NewGraph()
		backing := func(n int) interface{} {
			if dt == tensor.Float32 {
				return tensor.Range(tensor.Float32, 1, n+1)
			}
			return tensor.Range(tensor.Float64, 1, n+1)
		}
		x := gorgonia.NewMatrix(eg, dt, gorgonia.WithShape(2, 3), gorgonia.WithName("x"), gorgonia.WithValue(tensor.New(tensor.WithShape(2, 3), tensor.WithBacking(backing(6)))))
		w := gorgonia.NewMatrix(eg, dt, gorgonia.WithShape(3, 4), gorgonia.WithName("w"), gorgonia.WithValue(tensor.New(tensor.WithShape(3, 4), tensor.WithBacking(backing(12)))))
		b := gorgonia.NewVector(eg, dt, gorgonia.WithShape(4), gorgonia.WithName("b"), gorgonia.WithValue(tensor.New(tensor.WithShape(4), tensor.WithBacking(backing(4)))))
		scaled := must(gorgonia.Mul(x, w))
		h := must(gorgonia.BroadcastAdd(must(gorgonia.HadamardProd(scaled, gorgonia.NewConstant(scalarOf(dt, 0.01)))), b, nil, []byte{0}))
		y := must(gorgonia.Tanh(must(gorgonia.Sub(h, gorgonia.NewConstant(scalarOf(dt, 2))))))
		cost := must(gorgonia.Mean(must(gorgonia.Square(y))))

		g := Wrap(eg)
		if err := g.AsVariable(w); err != nil {
			t.Fatal(err)
		}
		if !g.IsVariable(w) || g.NameOf(w) != "w" || len(g.Trainable()) != 1 {
			t.Error(namesOf(g, g.Variables()))
		}
		s := g.Scope().NameScope("added")
		dw := grad(s, cost, w)
		if err := g.Err(); err != nil {
			t.Fatal(err)
		}
		sess := newSession(t, g, SessionConfig{})
		out := mustRun(t, sess, nil, cost, y, dw)

		// The machine overwrites intermediate values, but for those that are read.
		fetched := gorgonia.Nodes{cost, y, dw}
		values := make([]gorgonia.Value, len(fetched))
		for i, n := range fetched {
			gorgonia.Read(n, &values[i])
		}
		machine := gorgonia.NewTapeMachine(eg)
		if err := machine.RunAll(); err != nil {
			t.Fatal(err)
		}
		for i, n := range fetched {
			if err := near32(arrayOfValue(values[i]), arrayOf(out.Tensor(i))); err != nil {
				t.Errorf("%v: %s: %v", dt, g.NameOf(n), err)
			}
		}
		machine.Close()
		// A default can be fed over.
		other := tensor.New(tensor.WithShape(2, 3), tensor.Of(dt))
		if fed := mustRun(t, sess, Feeds{x: other}, scaled); arrayAt(arrayOf(fed.Tensor(0)), 0) != 0 {
			t.Error(fed)
		}
		// Train it with our ops mixed in.
		before := out.Float(0)
		step := AssignSub(s, w, dw)
		for range 20 {
			mustRun(t, sess, nil, step)
		}
		if after := mustRun(t, sess, nil, cost).Float(0); !(after < before) {
			t.Errorf("the cost goes from %v to %v", before, after)
		}
	}
}

func scalarOf(dt tensor.Dtype, v float64) interface{} {
	if dt == tensor.Float32 {
		return float32(v)
	}
	return v
}

func arrayAt(a *Array, i int) float64 {
	if a.dtype == tensor.Float32 {
		return float64(a.Float32s()[i])
	}
	return a.Float64s()[i]
}

func near32(a, b *Array) error {
	if a.size != b.size || a.dtype != b.dtype {
		return errorf("%v and %v", Spec{a.dtype, a.shape}, Spec{b.dtype, b.shape})
	}
	for i := 0; i < a.size; i++ {
		if x, y := arrayAt(a, i), arrayAt(b, i); math.Abs(x-y) > 1e-6*math.Max(1, math.Abs(x)) {
			return errorf("element %d is %v and %v", i, x, y)
		}
	}
	return nil
}

// A graph of ours without unknown sizes and effects gives the same numbers on
// Gorgonia's TapeMachine after sess.Bind().
func TestTapeMachineRunsOurGraph(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	v, w, k := f64(s, "v", 3, 2, 2), f64(s, "w", 0.5, 2, 2), f64(s, "k", 2)
	y, extra := fused(s, add(s, v, w), scale(s, v, 2))
	c := ConstOf(s, tensor.Float64, [][]float64{{1, 2}, {3, 4}})
	z := add(s, mul(s, y, extra), s.Try(gorgonia.Tanh(mul(s, c, w))))
	cost := mul(s, sum(s, z), k)
	dv := Gradients(s, gorgonia.Nodes{cost}, gorgonia.Nodes{v, w, k}, nil)
	out := flattened(s, add(s, dv[0], dv[1]))
	if err := g.Err(); err != nil {
		t.Fatal(err)
	}
	sess := newSession(t, g, SessionConfig{})
	want := mustRun(t, sess, nil, cost, dv[2], out)
	if err := sess.Bind(); err != nil {
		t.Fatal(err)
	}
	var got [3]gorgonia.Value
	for i, n := range (gorgonia.Nodes{cost, dv[2], out}) {
		gorgonia.Read(n, &got[i])
	}
	machine := gorgonia.NewTapeMachine(g.Expr())
	defer machine.Close()
	if err := machine.RunAll(); err != nil {
		t.Fatal(err)
	}
	for i := range got {
		if err := near32(arrayOfValue(got[i]), arrayOf(want.Tensor(i))); err != nil {
			t.Errorf("fetch %d: %v", i, err)
		}
	}
}

// An op with an effect refuses to run outside a Session.
func TestEffectsNeedASession(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	v := f64(s, "v", 1)
	for _, n := range (gorgonia.Nodes{AssignAdd(s, v, v), Read(s, v), Group(s)}) {
		_, err := n.Op().Do(gorgonia.NewF64(1), gorgonia.NewF64(1))
		wantError(t, err, "Session")
	}
	if out, err := scale(s, v, 2).Op().Do(gorgonia.NewF64(4)); err != nil || out.Data() != 8.0 {
		t.Error(out, err)
	}
	if _, err := add(s, v, v).Op().Do(gorgonia.NewF64(4), gorgonia.NewF32(4)); err == nil {
		t.Error("mixed dtypes are accepted")
	}
}

// Native ops with an unknown batch size: the shape is learned by a trial run,
// for every batch anew.
func TestNativeOpsWithUnknownBatch(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	x := double(s, "x", -1, 3)
	w := f64(s, "w", 0.5, 3, 2)
	b := f64(s, "b", 1, 1, 2)
	h := s.Try(gorgonia.Mul(x, w))
	y := s.Try(gorgonia.Sigmoid(s.Try(gorgonia.BroadcastAdd(h, b, nil, []byte{0}))))
	z := scale(s, s.Try(gorgonia.Square(y)), 2)
	total := s.Try(gorgonia.Sum(z))
	sess := newSession(t, g, SessionConfig{})
	for _, batch := range []int{1, 4, 2} {
		in := make([]float64, 3*batch)
		for i := range in {
			in[i] = float64(i) / 10
		}
		out := mustRun(t, sess, Feeds{x: in}, z, total, h)
		sum := 0.0
		for r := range batch {
			at := 0.5*(in[3*r]+in[3*r+1]+in[3*r+2]) + 1
			sig := 1 / (1 + math.Exp(-at))
			for c := range 2 {
				sum += 2 * sig * sig
				if got := out.Float64s(0)[2*r+c]; math.Abs(got-2*sig*sig) > 1e-9 {
					t.Errorf("batch %d, row %d: %v, want %v", batch, r, got, 2*sig*sig)
				}
			}
		}
		if math.Abs(out.Float(1)-sum) > 1e-9 || fmt.Sprint(out.Tensor(2).Shape()) != fmt.Sprintf("(%d, 2)", batch) {
			t.Errorf("batch %d: %v, want %v; %v", batch, out.Float(1), sum, out.Tensor(2).Shape())
		}
	}
}

// Gradients of native ops against finite differences, mixed with ours, with an
// unknown batch where Gorgonia allows it.
func TestNativeGradients(t *testing.T) {
	for name, c := range map[string]struct {
		build   func(s *Scope, x, w *gorgonia.Node) *gorgonia.Node
		unknown bool
	}{
		"Tanh":         {func(s *Scope, x, w *gorgonia.Node) *gorgonia.Node { return s.Try(gorgonia.Tanh(x)) }, true},
		"Sigmoid":      {func(s *Scope, x, w *gorgonia.Node) *gorgonia.Node { return s.Try(gorgonia.Sigmoid(x)) }, true},
		"HadamardProd": {func(s *Scope, x, w *gorgonia.Node) *gorgonia.Node { return s.Try(gorgonia.HadamardProd(x, x)) }, true},
		"Exp":          {func(s *Scope, x, w *gorgonia.Node) *gorgonia.Node { return s.Try(gorgonia.Exp(x)) }, true},
		"Sub, Square": {func(s *Scope, x, w *gorgonia.Node) *gorgonia.Node {
			return s.Try(gorgonia.Square(s.Try(gorgonia.Sub(x, scale(s, x, 3)))))
		}, true},
		"Mul":  {func(s *Scope, x, w *gorgonia.Node) *gorgonia.Node { return s.Try(gorgonia.Mul(x, w)) }, true},
		"Mean": {func(s *Scope, x, w *gorgonia.Node) *gorgonia.Node { return s.Try(gorgonia.Mean(scale(s, x, 2))) }, false},
		"Sum, axis": {func(s *Scope, x, w *gorgonia.Node) *gorgonia.Node {
			return s.Try(gorgonia.Sum(s.Try(gorgonia.Mul(x, w)), 1))
		}, false},
		"in a branch": {func(s *Scope, x, w *gorgonia.Node) *gorgonia.Node {
			p := positive(s, x)
			yes := s.Branch(p, true)
			return Merge(s, p, yes.Try(gorgonia.Cube(x)), scale(s.Branch(p, false), x, -1))
		}, true},
	} {
		for _, rows := range []int{2, -1} {
			if rows < 0 && !c.unknown {
				continue
			}
			for _, sign := range []float64{1, -1} {
				g := New(Config{})
				s := g.Scope()
				x, w := double(s, "x", rows, 3), double(s, "w", 3, 2)
				y := c.build(s, x, w)
				feeds := Feeds{x: []float64{0.1 * sign, -0.2 * sign, 0.3 * sign, 0.7 * sign, 0.5 * sign, 0.4 * sign}, w: []float64{1, 2, -1, 0.5, 0.3, -2}}
				if err := CheckGradients(g, feeds, y, gorgonia.Nodes{x, w}, CheckConfig{}); err != nil {
					t.Errorf("%s, %d rows, sign %v: %v", name, rows, sign, err)
				}
			}
		}
	}
}

// "Native nodes whose gradient needs known sizes ... give an error that names
// the node and our equivalent"; one that fails in a Run names itself.
func TestNativeErrors(t *testing.T) {
	g := New(Config{})
	s := g.Scope().NameScope("net")
	x, y := double(s, "x", -1, 3), double(s, "y", -1, 3)
	cat := s.Try(gorgonia.Concat(0, x, y))
	grads := Gradients(s, gorgonia.Nodes{cat}, gorgonia.Nodes{x}, nil)
	if err := g.Err(); err == nil {
		// It was built: then it has to work in a Run.
		_, err = newSession(t, g, SessionConfig{}).Run(Feeds{x: []float64{1, 2, 3}, y: []float64{1, 2, 3}}, grads...)
		wantError(t, err, "net/")
	} else {
		wantError(t, err, "net/Concat", "Plexaura's op")
	}

	g = New(Config{})
	s = g.Scope().NameScope("net")
	x, y = double(s, "x", -1, 3), double(s, "y", -1, 3)
	z := s.Try(gorgonia.Add(x, y))
	sess := newSession(t, g, SessionConfig{})
	_, err := sess.Run(Feeds{x: []float64{1, 2, 3}, y: []float64{1, 2, 3, 4, 5, 6}}, z)
	wantError(t, err, "net/", "float64[1, 3]", "float64[2, 3]")

	// Differentiated where Gorgonia has no gradient.
	g = New(Config{})
	s = g.Scope().NameScope("net")
	x = double(s, "x", 2)
	if out := grad(s, s.Try(gorgonia.Gt(x, scale(s, x, 2), true)), x); out == nil && g.Err() != nil {
		wantError(t, g.Err(), "net/")
	}
}

// Feeding, fetching and ordering native nodes; a native node as a predicate and
// as a control input.
func TestNativeNodesEverywhere(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	x := double(s, "x")
	zero := ConstOf(s, tensor.Float64, 0)
	y := must(gorgonia.Neg(x)) // not even adopted
	pred := must(gorgonia.Gt(y, zero, false))
	v := f64(s, "v", 1)
	write := Assign(s.Branch(pred, true).After(y), v, y)
	z := scale(s.After(must(gorgonia.Neg(write))), y, 1)
	sess := newSession(t, g, SessionConfig{})
	for _, c := range []struct{ x, want float64 }{{5, 1}, {-5, 5}} {
		out := mustRun(t, sess, Feeds{x: c.x}, z, Group(s, y, write), must(gorgonia.Square(y)))
		if got := mustRun(t, sess, nil, v).Float(0); got != c.want || out.Float(0) != -c.x || out.Float(2) != c.x*c.x {
			t.Errorf("x %v: %v, want %v; %v", c.x, got, c.want, out)
		}
	}
	if out := mustRun(t, sess, Feeds{y: 7}, must(gorgonia.Square(y))); out.Float(0) != 49 {
		t.Error(out)
	}
}
