package graph

import (
	"errors"
	"reflect"
	"strings"
	"sync"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// wholeVariables sums up the variables' bytes by name.
func wholeVariables(r MemoryReport) map[string]int {
	sizes := map[string]int{}
	for _, v := range r.Variables {
		sizes[v.Name] = v.Bytes
	}
	return sizes
}

// The report of a small graph, counted by hand.
func TestMemoryReport(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	x := double(s, "x", -1)
	w := f64(s, "w", 1, 25)
	Slot(s, w, "slot", tensor.Shape{3}, constantly(0))
	constant := ConstOf(s, tensor.Float64, make([]float64, 10))
	a := scale(s, x, 2)                                   // kept until d
	b := scale(s, a, 3)                                   // one step with c and d, so it needs no place
	c := scale(s, b, 4)                                   // nor does this
	d := mul(s, a, c)                                     // a is used last in its step, so d needs another place
	e := add(s, sum(s, d), sum(s, scale(s, constant, 2))) // the latter sum is folded
	sess := newSession(t, g, SessionConfig{})

	r := sess.MemoryReport()
	if want := map[string]int{"w": 200, "w/slot": 24}; !reflect.DeepEqual(wholeVariables(r), want) {
		t.Errorf("variables %v; want %v", wholeVariables(r), want)
	}
	if r.TrainableBytes() != 200 || r.OtherBytes() != 24 || r.Variables[0] != (VariableMemory{"w", 200, true}) {
		t.Errorf("trained %d, other %d, of %v", r.TrainableBytes(), r.OtherBytes(), r.Variables)
	}
	if r.Arenas != 0 || r.ArenaBytes != 0 || len(r.Plans) != 0 || r.ConstantBytes != 80 || r.TotalBytes() != 304 {
		t.Errorf("before any Run: %+v", r)
	}

	const n = 16
	mustRun(t, sess, Feeds{x: make([]float64, n)}, e)
	r = sess.MemoryReport()
	// At the step of d: a and d, of 128 bytes. Then the sums, of 8 bytes, which take
	// a cache line each. When that of d is made, a's place is free.
	if r.Arenas != 1 || r.ArenaBytes != 256+128 {
		t.Errorf("%d arenas of %d bytes; want 1 of 2*128 and, to align it, 128", r.Arenas, r.ArenaBytes)
	}
	if len(r.Plans) != 1 {
		t.Fatalf("%d plans; want 1", len(r.Plans))
	}
	p := r.Plans[0]
	p.OverheadBytes = 0
	want := PlanMemory{
		Fetches: []string{g.NameOf(e)}, Feeds: []string{"x float64[16]"},
		ArenaBytes: 256, PeakBytes: 256, PeakNode: g.NameOf(d), FoldedBytes: 8,
		Peak: []ValueMemory{{g.NameOf(a), NodeValue, 128, 0, 1}, {g.NameOf(d), NodeValue, 128, 1, 2}},
	}
	if !reflect.DeepEqual(p, want) {
		t.Errorf("got  %+v\nwant %+v", p, want)
	}
	if total := 200 + 24 + r.ArenaBytes + 80 + 8 + r.Plans[0].OverheadBytes; r.TotalBytes() != total || r.Plans[0].OverheadBytes <= 0 {
		t.Errorf("the total is %d; want %d", r.TotalBytes(), total)
	}

	// A larger batch grows the arena; a smaller one finds it large enough.
	for _, size := range []int{100, 4} {
		mustRun(t, sess, Feeds{x: make([]float64, size)}, e)
		if r = sess.MemoryReport(); r.Arenas != 1 || r.ArenaBytes != 2*832+128 {
			t.Errorf("batch %d: %d arenas of %d bytes; want 1 of 2*13 cache lines and 128 bytes", size, r.Arenas, r.ArenaBytes)
		}
	}
	if len(r.Plans) != 3 || r.Plans[0].PeakBytes != 64 || r.Plans[0].ArenaBytes != 128 {
		t.Errorf("%d plans, the last of %d bytes in %d; want 3, 64 in two cache lines", len(r.Plans), r.Plans[0].PeakBytes, r.Plans[0].ArenaBytes)
	}

	if err := sess.Close(); err != nil {
		t.Fatal(err)
	}
	if r = sess.MemoryReport(); len(r.Variables) != 0 || r.ArenaBytes != 0 || len(r.Plans) != 0 {
		t.Errorf("after Close: %+v", r)
	}
}

// Scratch, extra outputs and old values of variables are told apart.
func TestMemoryReportUses(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	w := f64(s, "w", 1, 8)
	wide := Apply(s, OpDef{
		Name:  "Wide",
		Infer: SameAs,
		Aux:   func([]Spec) ([]Spec, error) { return []Spec{{tensor.Float64, tensor.Shape{16}}}, nil },
		Kernel: func(b *Binding) (Kernel, error) {
			b.Scratch(tensor.Float64, 32)
			return func(*Call) error { return nil }, nil
		},
	}, w)
	changed := AssignSub(s.After(wide), w, wide)
	sess := newSession(t, g, SessionConfig{})
	mustRun(t, sess, nil, changed, w, wide, Aux(s, wide, 0))
	p := sess.MemoryReport().Plans[0]
	got := map[ValueUse]ValueMemory{}
	for _, v := range p.Peak {
		got[v.Use] = v
	}
	// Before the write, w is copied for the fetch: the scratch is not needed any
	// more then, so the peak is before it.
	name := g.NameOf(wide)
	want := map[ValueUse]ValueMemory{
		NodeValue:   {name, NodeValue, 64, 0, 3},
		ExtraOutput: {name, ExtraOutput, 128, 0, 3},
		Scratch:     {name, Scratch, 256, 0, 0},
	}
	if !reflect.DeepEqual(got, want) || p.PeakBytes != 448 || p.ScratchBytes != 256 || p.PeakNode != name {
		t.Errorf("peak of %d at %s, scratch %d: %v; want %v", p.PeakBytes, p.PeakNode, p.ScratchBytes, got, want)
	}
	old := sess.plans.all()[0].prog.held
	if last := old[len(old)-1].ValueMemory; last != (ValueMemory{"w", OldValue, 64, 1, 3}) {
		t.Errorf("the copy of w is %+v", last)
	}
}

// peak finds what is in use at the worst step, and counts memory that values
// share once.
func TestPeak(t *testing.T) {
	at := func(bytes, from, to, root int) held { return held{ValueMemory{Bytes: bytes, From: from, To: to}, root} }
	all := []held{
		at(100, 0, 2, 0),
		at(10, 1, 5, 1),
		at(100, 2, 4, 0), // over the first
		at(50, 4, 5, 3),
		at(100, 4, 4, 0), // over the third
		at(1, 6, 6, 5),
	}
	step, values := peak(all)
	if want := []ValueMemory{all[1].ValueMemory, all[3].ValueMemory, all[4].ValueMemory}; step != 4 || !reflect.DeepEqual(values, want) {
		t.Errorf("step %d, %v; want 4, %v", step, values, want)
	}
	if step, values := peak(nil); step != 0 || values != nil {
		t.Errorf("nothing has its peak at %d: %v", step, values)
	}
}

// Arenas that are in use count, and a report does not disturb Runs or wait for
// them.
func TestMemoryReportDuringRuns(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	x := double(s, "x", -1)
	entered, leave := make(chan bool), make(chan bool)
	def := pointwise("Wait", func(x []float64) float64 { return x[0] })
	def.Kernel = func(*Binding) (Kernel, error) {
		return func(*Call) error { entered <- true; <-leave; return nil }, nil
	}
	w := f64(s, "w", 1, 8)
	reads, writes := Apply(s, def, x), AssignAdd(s, w, Apply(s, def, w))
	sess := newSession(t, g, SessionConfig{})
	var wg sync.WaitGroup
	run := func(feeds Feeds, n *gorgonia.Node) {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if _, err := sess.Run(feeds, n); err != nil {
				t.Error(err)
			}
		}()
		<-entered
	}
	for range 3 {
		run(Feeds{x: make([]float64, 8)}, reads)
	}
	if r := sess.MemoryReport(); r.Arenas != 3 || r.ArenaBytes != 3*(64+128) {
		t.Errorf("during three Runs: %d arenas of %d bytes", r.Arenas, r.ArenaBytes)
	}
	for range 3 {
		leave <- true
	}
	wg.Wait()
	run(nil, writes) // excludes other Runs
	if r := sess.MemoryReport(); r.Arenas != 3 {
		t.Errorf("%d arenas; want the three from before", r.Arenas)
	}
	leave <- true
	wg.Wait()
}

func TestMemoryReportTable(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	x := double(s, "x", -1)
	y := sum(s, scale(s, x, 2))
	sess := newSession(t, g, SessionConfig{})
	mustRun(t, sess, Feeds{x: make([]float64, 16)}, y)
	r := sess.MemoryReport()
	text := r.String()
	for _, want := range []string{"bytes", "100.0%", "arenas", "plan of Sum for x ", "arena 192", "at Sum 136 are in use, of which scratch 0", "0-1  value  Scale"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if err := r.WriteTable(broken{}); err == nil {
		t.Error("a writer's error is lost")
	}
}

// broken is a writer that fails.
type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("broken") }
