package graph

import (
	"fmt"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// "A variable's node is its value when the Run began, for every consumer,
// forward and gradient, whatever its control edges": the weight is updated
// before its gradient is read.
func TestGradientReadsTheOldWeight(t *testing.T) {
	ablated(t, func(a *ablation) { a.versions = true }, func(t *testing.T, with func(*Graph, SessionConfig) *Session) string {
		g := New(Config{})
		s := g.Scope()
		w := f64(s, "w", 3)
		update := AssignAdd(s, w, ConstOf(s, tensor.Float64, 10))
		after := s.After(update)
		loss := mul(after, w, w)
		grad := Gradients(after, gorgonia.Nodes{loss}, gorgonia.Nodes{w}, nil)[0]
		late := AssignAdd(after, f64(s, "sink", 0), grad)
		out := mustRun(t, with(g, SessionConfig{}), nil, grad, loss, w, update, late)
		want := []float64{6, 9, 3, 13, 6}
		for i, x := range want {
			if out.Float(i) != x {
				return fmt.Sprintf("fetch %d is %v, want %v", i, out.Float(i), x)
			}
		}
		return ""
	})
}

// "So fetching loss beside step is the loss of the weights the gradient was
// taken at."
func TestLossBesideStepIsBeforeTheUpdate(t *testing.T) {
	ablated(t, func(a *ablation) { a.early = true; a.versions = true }, func(t *testing.T, with func(*Graph, SessionConfig) *Session) string {
		g := New(Config{})
		s := g.Scope()
		w := f64(s, "w", 2)
		loss := mul(s, w, w)
		grad := Gradients(s, gorgonia.Nodes{loss}, gorgonia.Nodes{w}, nil)[0]
		step := Group(s, AssignSub(s, w, scale(s, grad, 0.25)))
		sess := with(g, SessionConfig{})
		for _, want := range []float64{4, 1, 0.25} {
			if out := mustRun(t, sess, nil, step, loss); out.Float(1) != want {
				return fmt.Sprintf("loss %v, want %v", out.Float(1), want)
			}
		}
		// The fetch of the weight alone, beside its own update.
		if out := mustRun(t, sess, nil, step, w); out.Float(1) != 0.25 {
			return fmt.Sprintf("the fetched weight is %v, want 0.25", out.Float(1))
		}
		return ""
	})
}

// "graph.Read(s, v) is a fresh read that sees the writes ordered before it. An
// assignment's result is the new value."
func TestReadSeesTheWritesBeforeIt(t *testing.T) {
	ablated(t, func(a *ablation) { a.controlOrder = true }, func(t *testing.T, with func(*Graph, SessionConfig) *Session) string {
		g := New(Config{})
		s := g.Scope()
		v := f64(s, "v", 1)
		first := AssignAdd(s, v, ConstOf(s, tensor.Float64, 10))
		read := Read(s.After(first), v)
		second := AssignAdd(s.After(read), v, ConstOf(s, tensor.Float64, 100))
		again := Read(s.After(second), v)
		out := mustRun(t, with(g, SessionConfig{}), nil, v, first, read, second, again)
		got := []float64{out.Float(0), out.Float(1), out.Float(2), out.Float(3), out.Float(4)}
		if fmt.Sprint(got) != "[1 11 11 111 111]" {
			return fmt.Sprintf("old, first, read, second, read: %v", got)
		}
		return ""
	})
}

// A read that comes before a write keeps what it read.
func TestReadBeforeAWriteKeepsItsValue(t *testing.T) {
	ablated(t, func(a *ablation) { a.versions = true }, func(t *testing.T, with func(*Graph, SessionConfig) *Session) string {
		g := New(Config{})
		s := g.Scope()
		v := f64(s, "v", 1, 3)
		read := Read(s, v)
		view := flattened(s, read)
		write := Assign(s.After(read), v, ConstOf(s, tensor.Float64, []float64{7, 8, 9}))
		late := scale(s.After(write), view, 2)
		sink := AssignAdd(s.After(write), f64(s, "sink", 0, 3), late)
		out := mustRun(t, with(g, SessionConfig{}), nil, sink, read, view)
		if got := fmt.Sprint(out.Float64s(0), out.Float64s(1), out.Float64s(2)); got != "[2 2 2] [1 1 1] [1 1 1]" {
			return got
		}
		return ""
	})
}

// "Where an old value is needed after a write (swap, in-place SGD), the plan
// orders readers first or keeps a copy; that is never a cycle error."
func TestSwap(t *testing.T) {
	ablated(t, func(a *ablation) { a.versions = true }, func(t *testing.T, with func(*Graph, SessionConfig) *Session) string {
		g := New(Config{})
		s := g.Scope()
		a, b, c := f64(s, "a", 1, 2), f64(s, "b", 2, 2), f64(s, "c", 3, 2)
		rotate := Group(s, Assign(s, a, b), Assign(s, b, c), Assign(s, c, a))
		sess := with(g, SessionConfig{})
		mustRun(t, sess, nil, rotate)
		out := mustRun(t, sess, nil, a, b, c)
		if got := fmt.Sprint(out.Float64s(0), out.Float64s(1), out.Float64s(2)); got != "[2 2] [3 3] [1 1]" {
			return got
		}
		return ""
	})
}

// "Aliasing ops never alias a variable that is written later in the Run."
func TestViewOfAVariableThatIsWritten(t *testing.T) {
	ablated(t, func(a *ablation) { a.versions = true }, func(t *testing.T, with func(*Graph, SessionConfig) *Session) string {
		g := New(Config{})
		s := g.Scope()
		v := f64(s, "v", 1, 2, 2)
		view := flattened(s, Identity(s, v))
		write := AssignAdd(s, v, OnesLike(s, v))
		sink := AssignAdd(s.After(write), f64(s, "sink", 0, 4), view)
		out := mustRun(t, with(g, SessionConfig{}), nil, view, write, sink)
		if got := fmt.Sprint(out.Float64s(0), out.Float64s(1), out.Float64s(2)); got != "[1 1 1 1] [2 2 2 2] [1 1 1 1]" {
			return got
		}
		return ""
	})
}

// The result of a write that is overwritten in the same Run is kept.
func TestResultOfAnOverwrittenWrite(t *testing.T) {
	ablated(t, func(a *ablation) { a.versions = true }, func(t *testing.T, with func(*Graph, SessionConfig) *Session) string {
		g := New(Config{})
		s := g.Scope()
		v := f64(s, "v", 1)
		one := AssignAdd(s, v, ConstOf(s, tensor.Float64, 1))
		two := AssignAdd(s.After(one), v, ConstOf(s, tensor.Float64, 1))
		out := mustRun(t, with(g, SessionConfig{}), nil, one, two)
		if out.Float(0) != 2 || out.Float(1) != 3 {
			return fmt.Sprint(out)
		}
		return ""
	})
}

// An assignment of a variable to itself, and of an expression of itself.
func TestAssignOfOwnValue(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	v := f64(s, "v", 3, 2)
	twice := AssignAdd(s, v, v)
	squared := Assign(s.After(twice), v, mul(s, v, v))
	sess := newSession(t, g, SessionConfig{})
	out := mustRun(t, sess, nil, twice, squared)
	if got := fmt.Sprint(out.Float64s(0), out.Float64s(1)); got != "[6 6] [9 9]" {
		t.Error(got)
	}
}
