package graph

import (
	"context"
	"runtime"
	"strings"
	"testing"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Every wrong feed and fetch is an error that names the node by its scope path,
// what was wanted and what came; never a panic.
func TestBadFeedsAndFetches(t *testing.T) {
	g := New(Config{})
	s := g.Scope().NameScope("net")
	x := Placeholder(s, "x", tensor.Float32, -1, 3)
	y := Placeholder(s, "y", tensor.Int64, -1)
	z := Placeholder(s, "z", tensor.Float32, -1, -1)
	k := Placeholder(s, "k", tensor.Float64)
	b := Placeholder(s, "b", tensor.Bool)
	u := Placeholder(s, "u", tensor.Uint8, 2)
	f := Placeholder(s, "f", tensor.Float32, 2, 2)
	group := Group(s)
	bare := f64(s.Sub("layer"), "bare", 1)
	stranger := double(New(Config{}).Scope(), "stranger")
	sess, err := NewSession(g, SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer sess.Close()
	var nilTensor *tensor.Dense
	type feed = map[*gorgonia.Node]interface{}
	fetch := func(n ...*gorgonia.Node) gorgonia.Nodes { return n }
	for name, c := range map[string]struct {
		feeds   feed
		fetches gorgonia.Nodes
		words   string // separated by |
	}{
		"nothing fed":          {nil, fetch(x), "net/x|float32[?, 3]|must be fed"},
		"dtype of a tensor":    {feed{x: tensor.New(tensor.WithShape(2, 3), tensor.Of(tensor.Float64))}, fetch(x), "net/x|float32[?, 3]|float64[2, 3]"},
		"dtype of a slice":     {feed{x: []int64{1, 2, 3}}, fetch(x), "net/x|float32[?, 3]|int64"},
		"float for int":        {feed{y: []float64{1.5}}, fetch(y), "net/y|int64[?]|float64"},
		"float32 for int":      {feed{y: []float32{1}}, fetch(y), "net/y|int64[?]|float32"},
		"bool for float":       {feed{k: true}, fetch(k), "net/k|float64[]|bool"},
		"number for bool":      {feed{b: 1}, fetch(b), "net/b|bool[]|int"},
		"rank too low":         {feed{x: 1.0}, fetch(x), "net/x|float32[?, 3]|float32[]"},
		"rank too high":        {feed{y: [][]int64{{1}}}, fetch(y), "net/y|int64[?]|int64[1, 1]"},
		"rank of a tensor":     {feed{x: tensor.New(tensor.WithShape(3), tensor.Of(tensor.Float32))}, fetch(x), "net/x|float32[?, 3]|float32[3]"},
		"size":                 {feed{x: [][]float32{{1, 2}}}, fetch(x), "net/x|float32[?, 3]|float32[1, 2]"},
		"flat slice":           {feed{x: []float32{1, 2, 3, 4}}, fetch(x), "net/x|4 elements|[?, 3]"},
		"flat, fixed":          {feed{f: []float32{1, 2, 3}}, fetch(f), "net/f|3 elements|[2, 2]"},
		"flat, two unknown":    {feed{z: []float32{1, 2}}, fetch(z), "net/z|two unknown sizes"},
		"ragged":               {feed{x: [][]float32{{1, 2, 3}, {4}}}, fetch(x), "net/x|ragged|3 and 1"},
		"out of range":         {feed{u: []int{1, 256}}, fetch(u), "net/u|256|uint8"},
		"nil":                  {feed{x: nil}, fetch(x), "net/x|nil"},
		"nil tensor":           {feed{x: nilTensor}, fetch(x), "net/x|nil|float32[?, 3]"},
		"string":               {feed{x: "hello"}, fetch(x), "net/x|string"},
		"strings":              {feed{x: []string{"hello"}}, fetch(x), "net/x|string"},
		"struct":               {feed{k: struct{ a int }{1}}, fetch(k), "net/k|struct"},
		"pointer":              {feed{k: new(float64)}, fetch(k), "net/k|*float64"},
		"function":             {feed{k: func() {}}, fetch(k), "net/k|func"},
		"interfaces":           {feed{x: []interface{}{1.0}}, fetch(x), "net/x|interface"},
		"complex":              {feed{k: 1i}, fetch(k), "net/k|complex128"},
		"string tensor":        {feed{x: tensor.New(tensor.WithShape(1), tensor.Of(tensor.String))}, fetch(x), "net/x|string"},
		"feed nil":             {feed{nil: 1}, fetch(k), "nil or belongs to another graph"},
		"feed a stranger":      {feed{stranger: 1}, fetch(k), "another graph"},
		"feed a group":         {feed{group: true}, fetch(group), "net/Group|no value"},
		"scalar for a vector":  {feed{y: 3}, fetch(y), "net/y|int64[?]|int64[]"},
		"no fetch":             {nil, nil, "at least one"},
		"fetch nil":            {nil, fetch(nil), "fetch 0 is nil"},
		"fetch nil second":     {feed{k: 1}, fetch(k, nil), "fetch 1 is nil"},
		"fetch a stranger":     {nil, fetch(stranger), "fetch 0|stranger|another graph"},
		"uninitialised":        {nil, fetch(bare), "variable layer/bare|sess.Init()"},
		"uninitialised update": {nil, fetch(AssignAdd(s, bare, bare)), "variable layer/bare|sess.Init()"},
		"uninitialised read":   {nil, fetch(Read(s, bare)), "variable layer/bare|sess.Init()"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := sess.Run(Feeds(c.feeds), c.fetches...)
			wantError(t, err, strings.Split(c.words, "|")...)
		})
	}
	// An Assign needs no value there.
	if _, err := sess.Run(nil, Assign(s, bare, ConstOf(s, tensor.Float64, 2))); err != nil {
		t.Error(err)
	}
	if out := mustRun(t, sess, nil, bare); out.Float(0) != 2 {
		t.Error(out)
	}
}

// Wrong arguments of the builders.
func TestBadDeclarations(t *testing.T) {
	for name, c := range map[string]struct {
		build func(s *Scope) *gorgonia.Node
		words string
	}{
		"placeholder name":   {func(s *Scope) *gorgonia.Node { return Placeholder(s, "a b", tensor.Float32) }, `"a b" is not allowed`},
		"placeholder, empty": {func(s *Scope) *gorgonia.Node { return Placeholder(s, "", tensor.Float32) }, "net/Placeholder|not allowed"},
		"placeholder dtype":  {func(s *Scope) *gorgonia.Node { return Placeholder(s, "x", tensor.Complex64) }, "net/x|complex64|float32"},
		"no dtype":           {func(s *Scope) *gorgonia.Node { return Placeholder(s, "x", tensor.Dtype{}) }, "net/x|no dtype"},
		"placeholder size":   {func(s *Scope) *gorgonia.Node { return Placeholder(s, "x", tensor.Float32, 2, -3) }, "net/x|axis 1 has size -3"},
		"default":            {func(s *Scope) *gorgonia.Node { return PlaceholderWithDefault(s, "x", "text") }, "net/x|string"},
		"constant":           {func(s *Scope) *gorgonia.Node { return Const(s, struct{}{}) }, "net/Const|struct"},
		"constant nil":       {func(s *Scope) *gorgonia.Node { return Const(s, nil) }, "net/Const|nil"},
		"constant ragged":    {func(s *Scope) *gorgonia.Node { return Const(s, [][]int{{1}, {2, 3}}) }, "net/Const|ragged"},
		"constant dtype":     {func(s *Scope) *gorgonia.Node { return ConstOf(s, tensor.Int32, 1.5) }, "net/Const|float64|int32"},
		"constant range":     {func(s *Scope) *gorgonia.Node { return ConstOf(s, tensor.Int32, 1<<40) }, "net/Const|does not fit int32"},
		"variable size":      {func(s *Scope) *gorgonia.Node { return Variable(s, "v", tensor.Shape{-1, 3}, VariableConfig{}) }, "net/v|[?, 3]|must be known"},
		"variable dtype":     {func(s *Scope) *gorgonia.Node { return Variable(s, "v", nil, VariableConfig{Dtype: tensor.String}) }, "net/v|string"},
		"variable name":      {func(s *Scope) *gorgonia.Node { return Variable(s, "_v", nil, VariableConfig{}) }, `"_v" is not allowed`},
		"scope name":         {func(s *Scope) *gorgonia.Node { return double(s.Sub("a b"), "x") }, `"a b" is not allowed`},
		"assign dtype":       {func(s *Scope) *gorgonia.Node { return Assign(s, f64(s, "v", 1), Const(s, 1.0)) }, "net/Assign|float64[]|float32[]|dtypes"},
		"assign shape":       {func(s *Scope) *gorgonia.Node { return AssignAdd(s, f64(s, "v", 1, 2), double(s, "x", 3)) }, "net/AssignAdd|float64[2]|float64[3]|shapes"},
		"assign rank":        {func(s *Scope) *gorgonia.Node { return AssignSub(s, f64(s, "v", 1, 2), double(s, "x", 2, 1)) }, "net/AssignSub|float64[2]|float64[2, 1]"},
		"assign to an op":    {func(s *Scope) *gorgonia.Node { return Assign(s, double(s, "x"), double(s, "y")) }, "net/Assign|net/x|must be a variable"},
		"slot of nil":        {func(s *Scope) *gorgonia.Node { return Slot(s, nil, "m", nil, nil) }, "net/Slot|nil"},
		"slot of an op":      {func(s *Scope) *gorgonia.Node { return Slot(s, double(s, "x"), "m", nil, nil) }, "net/Slot|net/x|not a variable"},
		"slot of a stranger": {func(s *Scope) *gorgonia.Node { return Slot(s, f64(New(Config{}).Scope(), "x", 1), "m", nil, nil) }, "net/Slot|another graph"},
		"slot name":          {func(s *Scope) *gorgonia.Node { return Slot(s, f64(s, "v", 1), "a b", nil, nil) }, `net/Slot|"a b" is not allowed`},
		"slot size":          {func(s *Scope) *gorgonia.Node { return Slot(s, f64(s, "v", 1), "m", tensor.Shape{-1}, nil) }, "v/m|must be known"},
		"read an op":         {func(s *Scope) *gorgonia.Node { return Read(s, double(s, "x")) }, "net/Read|net/x|must be a variable"},
	} {
		t.Run(name, func(t *testing.T) {
			g := New(Config{})
			n := c.build(g.Scope().NameScope("net"))
			wantError(t, g.Err(), strings.Split(c.words, "|")...)
			if n == nil {
				t.Error("a nil node")
			}
			if name != "scope name" && !IsBad(n) {
				t.Error("not a bad node")
			}
		})
	}
}

// A size that turns out wrong in a Run: the shape rule is asked again.
func TestSizesThatTurnOutWrong(t *testing.T) {
	g := New(Config{})
	s := g.Scope().NameScope("net")
	x, y := double(s, "x", -1), double(s, "y", -1)
	v := f64(s, "v", 1, 3)
	z := add(s, x, y)
	sess := newSession(t, g, SessionConfig{})
	_, err := sess.Run(Feeds{x: []float64{1, 2}, y: []float64{1, 2, 3}}, z)
	wantError(t, err, "net/Add", "float64[2]", "float64[3]", "want equal shapes")
	_, err = sess.Run(Feeds{x: []float64{1, 2}}, AssignAdd(s, v, x))
	wantError(t, err, "net/AssignAdd", "float64[3]", "float64[2]")
	p := positive(s, x)
	_, err = sess.Run(Feeds{x: []float64{1, 2}, y: []float64{1, 2, 3}}, Merge(s, p, x, y))
	wantError(t, err, "net/Merge", "axis 0 differs")
	_, err = sess.Run(Feeds{x: []float64{1}}, spread(s, sum(s, x), y))
	wantError(t, err, "net/Spread", "feed net/y")
	if out := mustRun(t, sess, Feeds{x: []float64{1, 2}, y: []float64{1, 2}}, z); out.Float64s(0)[1] != 4 {
		t.Error(out)
	}
}

// The code of a user's op may panic or answer nonsense anywhere: the error
// names the node, and the process lives.
func TestPanickingOps(t *testing.T) {
	type spoil func(d *OpDef)
	oops := func(Spec) { panic("oops") }
	for name, c := range map[string]struct {
		spoil spoil
		words string
		build bool // fails when built
	}{
		"Infer, building": {func(d *OpDef) { d.Infer = func(in []Spec) (Spec, error) { oops(in[0]); return in[0], nil } }, "net/Mine|oops", true},
		"Infer, index":    {func(d *OpDef) { d.Infer = func(in []Spec) (Spec, error) { return in[7], nil } }, "net/Mine|index out of range", true},
		"no Infer":        {func(d *OpDef) { d.Infer = nil }, "net/Mine|Infer and Kernel", true},
		"no Kernel":       {func(d *OpDef) { d.Kernel = nil }, "net/Mine|Infer and Kernel", true},
		"no dtype":        {func(d *OpDef) { d.Infer = func(in []Spec) (Spec, error) { return Spec{}, nil } }, "net/Mine|no usable dtype", true},
		"negative size": {func(d *OpDef) {
			d.Infer = func(in []Spec) (Spec, error) { return Spec{in[0].Dtype, tensor.Shape{-5}}, nil }
		}, "net/Mine|size -5", true},
		"name":           {func(d *OpDef) { d.Name = "not a name" }, "not allowed", true},
		"variable index": {func(d *OpDef) { d.Updates = []int{3} }, "net/Mine|input 3", true},
		"index < 0":      {func(d *OpDef) { d.Updates = []int{-1} }, "net/Mine|input -1", true},
		"shape of none":  {func(d *OpDef) { d.ShapeOnly = []int{1} }, "net/Mine|input 1|1 inputs", true},
		"optional none":  {func(d *OpDef) { d.Optional = []int{7} }, "net/Mine|input 7|1 inputs", true},
		"in place, none": {func(d *OpDef) { d.InPlace = []int{-1} }, "net/Mine|input -1|1 inputs", true},
		"no variable":    {func(d *OpDef) { d.Reads = []int{0} }, "net/Mine|x, must be a variable", true},
		"Kernel factory": {func(d *OpDef) { d.Kernel = func(b *Binding) (Kernel, error) { panic("oops") } }, "net/Mine|oops|float64[2]", false},
		"nil Kernel":     {func(d *OpDef) { d.Kernel = func(b *Binding) (Kernel, error) { return nil, nil } }, "net/Mine|nil", false},
		"factory error":  {func(d *OpDef) { d.Kernel = func(b *Binding) (Kernel, error) { return nil, errorf("oops") } }, "net/Mine|oops|float64[2]", false},
		"Kernel": {func(d *OpDef) {
			d.Kernel = func(b *Binding) (Kernel, error) { return func(*Call) error { panic("oops") }, nil }
		}, "net/Mine|panicked|oops", false},
		"Kernel, dtype": {func(d *OpDef) {
			d.Kernel = func(b *Binding) (Kernel, error) {
				return func(c *Call) error { c.Out.Float32s()[0] = 1; return nil }, nil
			}
		}, "net/Mine|holds float64|asked for float32", false},
		"Kernel, worker": {func(d *OpDef) {
			body := func(c *Call, lo, hi int) { panic("oops") }
			d.Kernel = func(b *Binding) (Kernel, error) { return func(c *Call) error { c.Split(2, 1, body); return nil }, nil }
		}, "net/Mine|oops", false},
		"Alias":       {func(d *OpDef) { d.Alias = func([]Spec, Spec) int { panic("oops") } }, "net/Mine|oops", false},
		"Aux":         {func(d *OpDef) { d.Aux = func([]Spec) ([]Spec, error) { panic("oops") } }, "net/Mine|oops", false},
		"dtype turns": {func(d *OpDef) { d.Infer = turning(Spec{Dtype: tensor.Float32, Shape: tensor.Shape{2}}) }, "net/Mine|float32[2]|when the node was built", false},
		"rank turns":  {func(d *OpDef) { d.Infer = turning(Spec{Dtype: tensor.Float64}) }, "net/Mine|float64[]|when the node was built", false},
	} {
		t.Run(name, func(t *testing.T) {
			g := New(Config{})
			s := g.Scope()
			x := double(s, "x", -1)
			d := pointwise("Mine", func(x []float64) float64 { return x[0] })
			c.spoil(&d)
			n := Apply(s.NameScope("net"), d, x)
			y := scale(s, n, 2)
			if c.build {
				wantError(t, g.Err(), strings.Split(c.words, "|")...)
				if n == nil || !IsBad(n) || !IsBad(y) {
					t.Error("no bad node")
				}
				return
			}
			sess := newSession(t, g, SessionConfig{})
			for range 2 {
				_, err := sess.Run(Feeds{x: []float64{1, 2}}, y)
				wantError(t, err, strings.Split(c.words, "|")...)
			}
			if out := mustRun(t, sess, Feeds{x: []float64{1, 2}}, scale(s, x, 2)); out.Float64s(0)[1] != 4 {
				t.Error("the session is broken:", out)
			}
		})
	}
	// Aux and its index, asked when building.
	g := New(Config{})
	d := pointwise("Mine", func(x []float64) float64 { return x[0] })
	d.Aux = func([]Spec) ([]Spec, error) { panic("oops") }
	Aux(g.Scope(), Apply(g.Scope(), d, double(g.Scope(), "x", 2)), 0)
	wantError(t, g.Err(), "Aux", "oops")
}

// turning is a shape rule that says something else once sizes are known.
func turning(later Spec) func(in []Spec) (Spec, error) {
	return func(in []Spec) (Spec, error) {
		if in[0].Known() {
			return later, nil
		}
		return in[0], nil
	}
}

// Accessors of results say what is wrong when they are misused.
func TestValuesAccessors(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	out := mustRun(t, newSession(t, g, SessionConfig{}), nil, Const(s, 2.5), Const(s, int64(3)), Const(s, 4), Const(s, int32(5)),
		ConstOf(s, tensor.Float64, 6), Const(s, []float32{1, 2}), Const(s, true), Group(s))
	for i, want := range []float64{2.5, 3, 4, 5, 6} {
		if out.Float(i) != want {
			t.Error(i, out.Float(i))
		}
	}
	if out.Int64s(1)[0] != 3 || out.Ints(2)[0] != 4 || out.Int32s(3)[0] != 5 || !out.Bools(6)[0] {
		t.Error(out.Int64s(1), out.Ints(2), out.Int32s(3), out.Bools(6))
	}
	for what, f := range map[string]func(){
		"asked for int64":      func() { out.Int64s(2) },
		"asked for int":        func() { out.Ints(1) },
		"asked for int32":      func() { out.Int32s(1) },
		"asked for bool":       func() { out.Bools(0) },
		"Values.Float(5)":      func() { out.Float(5) },
		"Values.Float(6)":      func() { out.Float(6) },
		"Values.Tensor(7)":     func() { out.Tensor(7) },
		"asked for float64":    func() { out.Float64s(5) },
		"index out of range [": func() { out.Float(8) },
	} {
		func() {
			defer func() {
				r := recover()
				if e, ok := r.(error); ok {
					r = e.Error()
				}
				if text, _ := r.(string); !strings.Contains(text, what) {
					t.Errorf("panicked with %v, want %q", r, what)
				}
			}()
			f()
		}()
	}
}

// Nodes of another graph, and none at all, are errors wherever nodes are asked
// for: taking them for unconnected would train without a gradient, or without
// the update ops.
func TestStrangers(t *testing.T) {
	stranger := double(New(Config{}).Scope(), "stranger")
	for name, c := range map[string]struct {
		use   func(g *Graph, s *Scope)
		words string
	}{
		"gradYs": {func(g *Graph, s *Scope) {
			x := double(s, "x")
			Gradients(s, gorgonia.Nodes{x}, gorgonia.Nodes{x}, gorgonia.Nodes{stranger})
		}, "net/Gradients|gradYs 0|stranger|another graph"},
		"UpdatesOf":     {func(g *Graph, s *Scope) { g.UpdatesOf(stranger) }, "UpdatesOf|stranger|another graph"},
		"UpdatesOf nil": {func(g *Graph, s *Scope) { g.UpdatesOf(double(s, "x"), nil) }, "UpdatesOf|nil"},
	} {
		t.Run(name, func(t *testing.T) {
			g := New(Config{})
			c.use(g, g.Scope().NameScope("net"))
			wantError(t, g.Err(), strings.Split(c.words, "|")...)
		})
	}
	wantError(t, Wrap(nil).Err(), "Wrap", "nil")
}

// An op that gives more gradients than it has inputs is reported, not trimmed.
func TestTooManyGradients(t *testing.T) {
	g := New(Config{})
	s := g.Scope().NameScope("net")
	x := double(s, "x", -1)
	d := pointwise("Mine", func(x []float64) float64 { return x[0] })
	d.Gradient = func(s *Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
		return gorgonia.Nodes{grad, grad}
	}
	Gradients(s, gorgonia.Nodes{Apply(s, d, x)}, gorgonia.Nodes{x}, nil)
	wantError(t, g.Err(), "net/Mine (Mine)", "1 inputs", "gives 2")
}

// An Alias that cannot be, of another size or dtype, leaves the kernel to run:
// nothing reads beyond an input's memory.
func TestImpossibleAlias(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	x := double(s, "x", 2)
	repeated := Apply(s, OpDef{
		Name:  "Repeat",
		Infer: func(in []Spec) (Spec, error) { return Spec{tensor.Float64, tensor.Shape{4}}, nil },
		Kernel: func(*Binding) (Kernel, error) {
			return func(c *Call) error {
				copy(c.Out.Float64s()[copy(c.Out.Float64s(), c.In[0].Float64s()):], c.In[0].Float64s())
				return nil
			}, nil
		},
		Alias: AliasFirst,
	}, x)
	out := mustRun(t, newSession(t, g, SessionConfig{}), Feeds{x: []float64{1, 2}}, scale(s, repeated, 1))
	for i, want := range []float64{1, 2, 1, 2} {
		if out.Float64s(0)[i] != want {
			t.Fatal(out)
		}
	}
}

// The values of a closed session are gone: keeping them cannot work.
func TestFromAClosedSession(t *testing.T) {
	g := New(Config{})
	f64(g.Scope(), "v", 1)
	old := newSession(t, g, SessionConfig{})
	if err := old.Close(); err != nil {
		t.Fatal(err)
	}
	_, err := NewSession(g, SessionConfig{From: old})
	wantError(t, err, "From", "closed")
}

// A cancelled context stops a Run that has nothing to compute as well.
func TestCancelledBeforeARunWithoutSteps(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	v, c := f64(s, "v", 1), Const(s, 2.0)
	sess := newSession(t, g, SessionConfig{})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, n := range (gorgonia.Nodes{v, c}) {
		if _, err := sess.RunContext(ctx, nil, n); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v, want context.Canceled", g.NameOf(n), err)
		}
	}
}

// A function literal of the library that is inlined into a program has the
// program's name; it is the library's line all the same.
func TestInlinedLiteralsAreTheLibrarys(t *testing.T) {
	_, here, _, _ := runtime.Caller(0)
	root := strings.TrimSuffix(here, "graph/badinput_test.go")
	for file, want := range map[string]bool{
		root + "training/clip.go": true, root + "graph/apply.go": true, root + "examples/mnist/model.go": false,
		root + "training/clip_test.go": false, "/home/me/training/clip.go": false,
	} {
		if got := inLibrary(runtime.Frame{Function: "main.main.ClipByValue.func1", File: file}); got != want {
			t.Errorf("%s: %v, want %v", file, got, want)
		}
	}
}
