package graph

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// opsOf lists the steps of the session's latest plan by op.
func opsOf(s *Session) (ops []string) {
	for _, st := range s.plans.plans[0].prog.steps {
		ops = append(ops, st.op)
	}
	return ops
}

func has(s *Session, op string) bool { return slices.Contains(opsOf(s), op) }

// One step with the only consumer, bit for bit the same; not with a fetched
// value or with two consumers.
func TestFusion(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	x := double(s, "x", -1)
	in := doubled(s, x)
	y := scale(s, in, 0.1)
	z := scale(s, in, 0.3)
	dy := grad(s, y, x)
	feeds := Feeds{x: []float64{1, 2.5, -3}}
	fused, plain := newSession(t, g, SessionConfig{}), newSession(t, g, SessionConfig{NoFusion: true})
	for _, c := range []struct {
		what    string
		fetches gorgonia.Nodes
		merged  bool
	}{
		{"one consumer", gorgonia.Nodes{y}, true},
		{"fetched", gorgonia.Nodes{y, in}, false},
		{"two consumers", gorgonia.Nodes{y, z}, false},
		{"another only needs its shape", gorgonia.Nodes{y, OnesLike(s, in)}, true},
		{"the gradient beside it", gorgonia.Nodes{y, dy}, true},
		{"its control edges count", gorgonia.Nodes{y, scale(s.After(in), x, 1)}, true},
	} {
		a, b := mustRun(t, fused, feeds, c.fetches...), mustRun(t, plain, feeds, c.fetches...)
		for i := range a {
			if fmt.Sprint(a.Float64s(i)) != fmt.Sprint(b.Float64s(i)) {
				t.Errorf("%s, fetch %d: %v fused, %v plain", c.what, i, a[i], b[i])
			}
		}
		if merged := has(fused, "Double+Scale"); merged != c.merged {
			t.Errorf("%s: merged %v, want %v", c.what, merged, c.merged)
		}
	}
}

// centred takes the mean from x, and gives that as an extra output. It finishes
// its output piece by piece.
func centred(s *Scope, x *gorgonia.Node, fail *error) *gorgonia.Node {
	return Apply(s, OpDef{
		Name:  "Centred",
		Infer: SameAs,
		Aux:   func(in []Spec) ([]Spec, error) { return []Spec{{Dtype: in[0].Dtype, Shape: tensor.Shape{}}}, nil },
		Kernel: func(b *Binding) (Kernel, error) {
			b.Finishes()
			return func(c *Call) error {
				if fail != nil && *fail != nil {
					return *fail
				}
				x, y, total := c.In[0].Float64s(), c.Out.Float64s(), 0.0
				for _, v := range x {
					total += v
				}
				mean := total / float64(len(x))
				c.Aux[0].Float64s()[0] = mean
				for i, v := range x {
					y[i] = v - mean
					c.Finish(i, i+1)
				}
				return nil
			}, nil
		},
	}, x)
}

// An op with extra outputs heads a chain, and whoever needs those gets them;
// but not where the chain would need them itself.
func TestChainsCarryExtraOutputs(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	x := double(s, "x", -1)
	y := centred(s, x, nil)
	mean := Aux(s, y, 0)
	tripled := scale(s, y, 3)
	around := mul(s, centred(s, x, nil), x) // x is there before
	again := centred(s, x, nil)
	circle := add(s, again, spread(s, Aux(s, again, 0), x))
	moved := AssignAdd(s, f64(s, "moved", 1, 4), centred(s, x, nil))
	later := f64(s, "later", 0)
	effects := AssignAdd(s.After(tripled), later, mean)
	sess := newSession(t, g, SessionConfig{})
	feeds := Feeds{x: []float64{1, 2, 3, 6}}
	for _, c := range []struct {
		fetches gorgonia.Nodes
		want    string
		op      string
	}{
		{gorgonia.Nodes{tripled, mean}, "[-6 -3 0 9] 3", "Centred+Scale"},
		{gorgonia.Nodes{mean, tripled}, "3 [-6 -3 0 9]", "Centred+Scale"},
		{gorgonia.Nodes{tripled, add(s, mean, mean)}, "[-6 -3 0 9] 6", "Centred+Scale"},
		{gorgonia.Nodes{around}, "[-2 -2 0 18]", "Centred+Mul"},
		{gorgonia.Nodes{circle}, "[1 2 3 6]", "Centred"},
		{gorgonia.Nodes{moved}, "[-1 0 1 4]", "Centred+AssignAdd"},
		{gorgonia.Nodes{effects, tripled}, "3 [-6 -3 0 9]", "Centred+Scale"},
	} {
		out := mustRun(t, sess, feeds, c.fetches...)
		got := ""
		for i := range out {
			got += fmt.Sprintf(" %v", out.Tensor(i).Data())
		}
		if got != " "+c.want || !has(sess, c.op) {
			t.Errorf("%v, want %s; steps %v", got, c.want, opsOf(sess))
		}
	}
}

// A pointwise op that alone reads an extra output changes that in the step which
// computes it, unless it needs something else of that step, or an effect that was
// made later.
func TestExtraOutputsTakeTheirConsumer(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	x, y := double(s, "x", -1), double(s, "y", -1)
	v := f64(s, "v", 1, 200)
	sum := parted(s, x, y)
	difference := func() *gorgonia.Node { return Aux(s, sum, 0) }
	mean := Aux(s, sum, 1)
	read, shared := difference(), difference()
	tripled := scale(s, read, 3)
	later := scale(s, mul(s, x, x), 0.5)
	changed := Read(s.After(AssignAdd(s, v, x)), v)
	again := parted(s, later, y) // made later, and of no concern to the first
	feeds := Feeds{x: make([]float64, 200), y: make([]float64, 200)}
	for i := range 200 {
		feeds[x].([]float64)[i], feeds[y].([]float64)[i] = float64(i%7), float64(i%5-2)
	}
	for _, c := range []struct {
		what    string
		fetches gorgonia.Nodes
		steps   string
	}{
		{"its value", gorgonia.Nodes{tripled}, "Parted+Scale"},
		{"the main output too", gorgonia.Nodes{tripled, sum}, "Parted+Scale"},
		{"the other output too", gorgonia.Nodes{mean, tripled}, "Parted+Scale"},
		{"several ops", gorgonia.Nodes{doubled(s, tripled)}, "Parted+Scale+Double"},
		{"through a view", gorgonia.Nodes{doubled(s, flattened(s, tripled))}, "Parted+Scale+Double"},
		{"both extra outputs", gorgonia.Nodes{doubled(s, mean), tripled}, "Parted+Double+Scale"},
		{"the main output's own chain", gorgonia.Nodes{doubled(s, sum), tripled}, "Parted+Double+Scale"},
		{"a chain of each", gorgonia.Nodes{scale(s, doubled(s, sum), 5), doubled(s, tripled), scale(s, mean, 2)}, "Parted+Double+Scale+Scale+Double+Scale"},
		{"it enters twice", gorgonia.Nodes{mul(s, difference(), difference())}, "Parted Mul"},
		{"one node enters twice", gorgonia.Nodes{mul(s, read, read)}, "Parted+Mul"},
		{"another needs its shape", gorgonia.Nodes{tripled, OnesLike(s, read)}, "Parted+Scale"},
		{"with what was made later", gorgonia.Nodes{sum, add(s, read, later)}, "Mul+Scale Parted+Add"},
		{"an op and the next", gorgonia.Nodes{add(s, tripled, read)}, "Parted Scale+Add"},
		{"it is fetched", gorgonia.Nodes{tripled, read}, "Parted Scale"},
		{"another node of it is fetched", gorgonia.Nodes{tripled, shared}, "Parted Scale"},
		{"two consumers", gorgonia.Nodes{tripled, scale(s, read, 2)}, "Parted Scale Scale"},
		{"two consumers by two nodes", gorgonia.Nodes{tripled, scale(s, shared, 2)}, "Parted Scale Scale"},
		{"with the main output", gorgonia.Nodes{add(s, read, sum)}, "Parted Add"},
		{"with a value of the main output", gorgonia.Nodes{add(s, read, doubled(s, sum))}, "Parted+Double Add"},
		{"with the other output", gorgonia.Nodes{add(s, read, mean)}, "Parted Add"},
		{"with another such op's", gorgonia.Nodes{add(s, read, again), Aux(s, again, 0)}, "Parted Mul+Scale Parted+Add"},
		{"with a read after a write", gorgonia.Nodes{add(s, read, changed)}, "Parted AssignAdd Read Add"},
		{"an update", gorgonia.Nodes{AssignAdd(s, v, read)}, "Parted AssignAdd"},
		{"an update of its value", gorgonia.Nodes{AssignAdd(s, v, tripled)}, "Parted+Scale AssignAdd"},
		{"its control edges", gorgonia.Nodes{scale(s.After(AssignAdd(s, v, read)), difference(), 3)}, "Parted Scale AssignAdd"},
	} {
		fused, plain := newSession(t, g, SessionConfig{}), newSession(t, g, SessionConfig{NoFusion: true})
		for range 2 {
			a, b := mustRun(t, fused, feeds, c.fetches...), mustRun(t, plain, feeds, c.fetches...)
			for i := range a {
				if fmt.Sprint(a.Float64s(i)) != fmt.Sprint(b.Float64s(i)) {
					t.Errorf("%s, fetch %d: %v fused, %v plain", c.what, i, a[i], b[i])
				}
			}
		}
		if got := strings.Join(opsOf(fused), " "); got != c.steps {
			t.Errorf("%s: steps %s, want %s", c.what, got, c.steps)
		}
	}
}

// The value of such an op lies in the memory of the extra output, which others
// use after it.
func TestExtraOutputsShareMemory(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	x := double(s, "x", -1)
	in := make([]float64, 1000)
	for i := range in {
		in[i] = float64(i)
	}
	deep := x
	for range 10 {
		deep = scale(s, Aux(s, parted(s, deep, scale(s, deep, -1)), 0), 0.25) // 0.5*deep
	}
	sess := newSession(t, g, SessionConfig{})
	out := mustRun(t, sess, Feeds{x: in}, deep).Float64s(0)
	if out[1] != 1./1024 || out[999] != 999./1024 {
		t.Error(out[1], out[999])
	}
	if n := sess.MemoryReport().Plans[0].ArenaBytes; n > 5*8*1024 {
		t.Errorf("%d bytes for ten such ops of 8000", n)
	}
	if got := strings.Count(strings.Join(opsOf(sess), " "), "Parted+Scale"); got != 10 {
		t.Error(opsOf(sess))
	}
}

// An op does not follow another where it may not write over each input that it
// would find there.
func TestChainsWriteOnlyWhereTheyMay(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	x := double(s, "x", -1)
	// Out = x[0] + the sum of all of x[1], which has to be whole.
	d := addDef()
	d.Name, d.InPlace = "AddSum", []int{0}
	d.Kernel = func(b *Binding) (Kernel, error) {
		return b.Pointwise(func(c *Call, lo, hi int) {
			total := 0.0
			for _, v := range c.In[1].Float64s() {
				total += v
			}
			for i := lo; i < hi; i++ {
				c.Out.Float64s()[i] = c.In[0].Float64s()[i] + total
			}
		}), nil
	}
	sess := newSession(t, g, SessionConfig{})
	in := scale(s, x, 2)
	for _, c := range []struct {
		y    *gorgonia.Node
		want string
		op   string
	}{
		{Apply(s, d, in, x), "[8 10 12]", "Scale+AddSum"},
		{Apply(s, d, x, in), "[13 14 15]", "AddSum"},
		{Apply(s, d, in, in), "[14 16 18]", "AddSum"},
	} {
		if out := fmt.Sprint(mustRun(t, sess, Feeds{x: []float64{1, 2, 3}}, c.y).Float64s(0)); out != c.want || !has(sess, c.op) {
			t.Errorf("%s, want %s; steps %v", out, c.want, opsOf(sess))
		}
	}
}

// What the extra outputs of an op are needed for decides when it runs, not the
// branch in which a consumer stands.
func TestExtraOutputsStayInTheirBranch(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	x := double(s, "x", -1)
	pred := positive(s, x)
	in := s.Branch(pred, true)
	y := centred(in, x, nil)
	mean := Aux(in, y, 0)
	deeper := in.Branch(positive(in, scale(in, x, -1)), true)
	depends := in.Branch(positive(in, mean), true)
	sum := parted(in, x, x)
	difference := Aux(in, sum, 0)
	sess := newSession(t, g, SessionConfig{})
	for _, c := range []struct {
		what  string
		fetch *gorgonia.Node
		and   *gorgonia.Node
		op    string
		fails bool
	}{
		{"the main output", scale(in, y, 2), mean, "Centred+Scale", false},
		{"the main output in a branch of the branch", Merge(s, pred, Merge(in, positive(in, scale(in, x, -1)), scale(deeper, y, 2), x), x), mean, "Centred", false},
		{"a branch that an extra output decides", scale(depends, y, 2), mean, "Centred", false},
		{"an extra output", scale(in, difference, 2), sum, "Parted+Scale", false},
		{"an extra output in a branch of the branch", scale(deeper, difference, 2), sum, "Parted", true},
		{"an extra output in another's branch", scale(depends, difference, 2), sum, "Parted", false},
	} {
		if out, err := sess.Run(Feeds{x: []float64{1, 2}}, c.fetch, c.and); (err != nil) != c.fails || err == nil && len(out) != 2 {
			t.Errorf("%s: %v, %v", c.what, out, err)
		}
		if !has(sess, c.op) {
			t.Errorf("%s: steps %v, want %s", c.what, opsOf(sess), c.op)
		}
		if c.fails {
			mustRun(t, sess, Feeds{x: []float64{1, 2}}, c.and)
		}
		_, err := sess.Run(Feeds{x: []float64{-1, -2}}, c.and, c.fetch)
		wantError(t, err, "not taken")
	}
}

// A kernel around a pointwise one is not known to be pointwise.
func TestWrappedPointwiseKernel(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	x := double(s, "x", -1)
	calls := 0
	counted := pointwise("Counted", func(x []float64) float64 { return x[0] + 1 })
	inner := counted.Kernel
	counted.Kernel = func(b *Binding) (Kernel, error) {
		k, err := inner(b)
		return func(c *Call) error { calls++; return k(c) }, err
	}
	y := scale(s, Apply(s, counted, scale(s, x, 2)), 3)
	sess := newSession(t, g, SessionConfig{})
	if out := mustRun(t, sess, Feeds{x: []float64{1}}, y); out.Float64s(0)[0] != 9 || calls != 1 || len(opsOf(sess)) != 3 {
		t.Error(out, calls, opsOf(sess))
	}
}

// An error is that of the first op; a panic may be that of any.
func TestChainsNameTheirNodes(t *testing.T) {
	g := New(Config{})
	s := g.Scope().Sub("net")
	x := double(s, "x", -1)
	v := f64(s, "v", 1, 2)
	var fail error
	bad := false
	fragile := pointwise("Fragile", func(x []float64) float64 {
		if bad {
			panic("oops")
		}
		return x[0]
	})
	y := scale(s, Apply(s, fragile, scale(s, centred(s, x, &fail), 2)), 3)
	update := AssignAdd(s, v, y)
	sess := newSession(t, g, SessionConfig{})
	feeds := Feeds{x: []float64{1, 2}}
	fail = errors.New("broken")
	_, err := sess.Run(feeds, update)
	wantError(t, err, "net/Centred", "broken")
	var failed *RunError
	if !errors.As(err, &failed) || failed.Node != "net/Centred" || failed.Op != "Centred" || len(failed.Written) > 0 {
		t.Errorf("%+v", failed)
	}
	fail, bad = nil, true
	_, err = sess.Run(feeds, update)
	wantError(t, err, "net/Centred, net/Scale, net/Fragile, net/Scale_1, net/AssignAdd", "oops", "net/v")
	bad = false
	_, err = newSession(t, g, SessionConfig{CheckNumerics: true}).Run(Feeds{x: []float64{-1e308, 1e308}}, update)
	if wantError(t, err, "NaN"); !errors.As(err, &failed) || failed.Node != "net/Scale" || len(failed.Written) > 0 {
		t.Errorf("%+v", failed)
	}
}

// An update computes what it takes only where that costs no copy of a variable
// and keeps little memory.
func TestUpdatesTakeLittle(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	x, y := double(s, "x", -1), double(s, "y", -1)
	v, w := f64(s, "v", 1, 3), f64(s, "w", 2, 3)
	product := mul(s, x, y)
	sess := newSession(t, g, SessionConfig{})
	feeds := Feeds{x: []float64{1, 2, 3}, y: []float64{4, 5, 6}}
	for _, c := range []struct {
		what   string
		update *gorgonia.Node
		want   string
		op     string
	}{
		{"a product", AssignAdd(s, v, product), "[5 11 19]", "Mul+AssignAdd"},
		{"a chain", AssignAdd(s, v, scale(s, doubled(s, product), 0.5)), "[9 21 37]", "Mul+Double+Scale+AssignAdd"},
		{"the variable's old value", AssignSub(s, v, scale(s, v, 0.5)), "[4.5 10.5 18.5]", "AssignSub"},
		{"another variable's", AssignSub(s, v, scale(s, w, 0.5)), "[3.5 9.5 17.5]", "AssignSub"},
	} {
		out := mustRun(t, sess, feeds, c.update)
		if got := fmt.Sprint(out.Float64s(0)); got != c.want || !has(sess, c.op) || has(sess, "copy") {
			t.Errorf("%s: %s, want %s; steps %v", c.what, got, c.want, opsOf(sess))
		}
	}
	// The sum of a wide array, in its last column.
	big := make([]float64, 3*6)
	for i := range big {
		big[i] = 1
	}
	wide := Placeholder(s, "wide", tensor.Float64, -1, 3)
	rows := func(in *gorgonia.Node) *gorgonia.Node {
		return Apply(s, OpDef{
			Name:  "Rows",
			Infer: func(in []Spec) (Spec, error) { return Spec{tensor.Float64, tensor.Shape{3}}, nil },
			Kernel: func(b *Binding) (Kernel, error) {
				b.Finishes()
				return func(c *Call) error {
					copy(c.Out.Float64s(), c.In[0].Float64s())
					c.Finish(0, 3)
					return nil
				}, nil
			},
		}, in)
	}
	small, large := AssignAdd(s, v, rows(doubled(s, x))), AssignAdd(s, v, rows(doubled(s, wide)))
	if mustRun(t, sess, feeds, small); !has(sess, "Rows+AssignAdd") {
		t.Error(opsOf(sess))
	}
	feeds[wide] = tensor.New(tensor.WithShape(6, 3), tensor.WithBacking(big))
	if mustRun(t, sess, feeds, large); has(sess, "Rows+AssignAdd") {
		t.Error(opsOf(sess))
	}
}

// The sum of gradients follows what computes one of its first two, and is
// followed, with parts from branches too, which may be absent.
func TestSumsOfGradientsAreChained(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	x := double(s, "x", -1)
	pred := positive(s, x)
	in := scale(s.Branch(pred, true), x, 7)
	sum := func(parts ...*gorgonia.Node) *gorgonia.Node { return accumulate(s, x, parts) }
	fused, plain := newSession(t, g, SessionConfig{}), newSession(t, g, SessionConfig{NoFusion: true})
	for _, c := range []struct {
		y     *gorgonia.Node
		steps string
	}{
		{scale(s, sum(doubled(s, x), x), 3), "Double+AddN+Scale"},
		{scale(s, sum(x, doubled(s, x), x), 3), "Double+AddN+Scale"},
		{sum(x, x, doubled(s, x)), "Double AddN"},
		{scale(s, sum(x, in), 3), "Positive Scale AddN+Scale"},
		{scale(s, sum(in, doubled(s, x), x), 3), "Positive Scale Double AddN+Scale"},
	} {
		for _, feed := range [][]float64{{1, 2, 3}, {-1, -2, -3}} {
			a, b := mustRun(t, fused, Feeds{x: feed}, c.y), mustRun(t, plain, Feeds{x: feed}, c.y)
			if got := strings.Join(opsOf(fused), " "); got != c.steps || fmt.Sprint(a.Float64s(0)) != fmt.Sprint(b.Float64s(0)) {
				t.Errorf("%v fused, %v plain; steps %s, want %s", a, b, got, c.steps)
			}
		}
	}
}

// An op outside the branch in which its input stands is not computed where that
// is not.
func TestChainsStayInTheirBranch(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	x := double(s, "x", -1)
	pred := positive(s, x)
	inner := scale(s.Branch(pred, true), x, 2)
	outer := scale(s, inner, 3)
	either := Merge(s, pred, outer, x)
	sess := newSession(t, g, SessionConfig{})
	if out := mustRun(t, sess, Feeds{x: []float64{1}}, outer, either); out.Float64s(0)[0] != 6 || out.Float64s(1)[0] != 6 || !has(sess, "Scale+Scale") {
		t.Error(out, opsOf(sess))
	}
	if out := mustRun(t, sess, Feeds{x: []float64{-1}}, either); out.Float64s(0)[0] != -1 {
		t.Error(out)
	}
	_, err := sess.Run(Feeds{x: []float64{-1}}, outer)
	wantError(t, err, "Scale_1", "not taken")
}

// A kernel that Accumulates adds to the variable by itself, but only where it is
// alone with an update that Adds just that input.
func TestAccumulates(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	x := double(s, "x", -1)
	seven := Apply(s, OpDef{
		Name:  "Seven",
		Infer: SameAs,
		Kernel: func(b *Binding) (Kernel, error) {
			b.Finishes()
			b.Accumulates()
			return func(c *Call) error {
				alpha, beta := c.Scale()
				for i, v := range c.In[0].Float64s() {
					c.Out.Float64s()[i] = alpha*7*v + beta*c.Out.Float64s()[i]
				}
				c.Finish(0, c.Out.Size())
				return nil
			}, nil
		},
	}, x)
	rate := double(s, "rate")
	step := func(v, grad *gorgonia.Node) *gorgonia.Node {
		return Apply(s, OpDef{
			Name:    "Step",
			Infer:   SameAs,
			Updates: []int{0},
			Kernel: func(b *Binding) (Kernel, error) {
				b.Adds(1, func(c *Call) float64 { return c.In[2].Float64s()[0] })
				return b.Pointwise(func(c *Call, lo, hi int) {
					for i := lo; i < hi; i++ {
						c.Out.Float64s()[i] += c.In[2].Float64s()[0] * c.In[1].Float64s()[i]
					}
				}), nil
			},
		}, v, grad, rate)
	}
	v, w := f64(s, "v", 1, 2), f64(s, "w", 1, 2)
	straight, detour := step(v, seven), step(w, doubled(s, seven))
	sess := newSession(t, g, SessionConfig{})
	for k := 1; k <= 3; k++ { // the rate is read in every Run
		old := float64s(t, sess, v)
		out := mustRun(t, sess, Feeds{x: []float64{1, -1}, rate: float64(k)}, straight)
		want := []float64{old[0] + 7*float64(k), old[1] - 7*float64(k)}
		if !slices.Equal(out.Float64s(0), want) || !slices.Equal(opsOf(sess), []string{"Seven+Step"}) {
			t.Error(out, want, opsOf(sess))
		}
		old = float64s(t, sess, w)
		out = mustRun(t, sess, Feeds{x: []float64{1, -1}, rate: float64(k)}, detour)
		want = []float64{old[0] + 14*float64(k), old[1] - 14*float64(k)}
		if !slices.Equal(out.Float64s(0), want) || !slices.Equal(opsOf(sess), []string{"Seven+Double+Step"}) {
			t.Error(out, want, opsOf(sess))
		}
	}
	if out := mustRun(t, sess, Feeds{x: []float64{1, 2}, rate: 1}, straight, seven); !slices.Equal(out.Float64s(1), []float64{7, 14}) {
		t.Error(out)
	}
}

func float64s(t *testing.T, s *Session, v *gorgonia.Node) []float64 {
	t.Helper()
	out, err := s.Value(v)
	if err != nil {
		t.Fatal(err)
	}
	return out.Data().([]float64)
}
