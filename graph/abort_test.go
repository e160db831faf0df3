package graph

import (
	"context"
	"errors"
	"fmt"
	"math"
	"reflect"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// cancelling is an effect that cancels a context when it runs.
func cancelling(s *Scope, cancel *context.CancelFunc, in ...*gorgonia.Node) *gorgonia.Node {
	def := noOp("Cancel")
	def.Acts = true
	def.Kernel = func(*Binding) (Kernel, error) {
		return func(*Call) error { (*cancel)(); return nil }, nil
	}
	return Apply(s, def, in...)
}

// "Writes are scheduled as late as order allows. Cancellation ... [is] decided
// before the first write where edges permit."
func TestCancelledBeforeTheFirstWrite(t *testing.T) {
	for name, off := range map[string]func(*ablation){
		"writes late":     func(a *ablation) { a.early = true },
		"context watched": func(a *ablation) { a.cancel = true },
	} {
		t.Run(name, func(t *testing.T) {
			ablated(t, off, func(t *testing.T, with func(*Graph, SessionConfig) *Session) string {
				g := New(Config{})
				s := g.Scope()
				v := f64(s, "v", 1)
				write := AssignAdd(s, v, ConstOf(s, tensor.Float64, 1)) // built first
				var cancel context.CancelFunc
				stop := cancelling(s, &cancel)
				sess := with(g, SessionConfig{})
				ctx, stopIt := context.WithCancel(context.Background())
				cancel = stopIt
				_, err := sess.RunContext(ctx, nil, write, stop)
				after := mustRun(t, sess, nil, v).Float(0)
				if err == nil || after != 1 {
					return fmt.Sprintf("error %v, and the variable is %v", err, after)
				}
				var re *RunError
				if !errors.Is(err, context.Canceled) || !errors.As(err, &re) || len(re.Written) > 0 {
					t.Errorf("the error is %v", err)
				}
				return ""
			})
		})
	}
}

// A context that is over before the Run changes nothing, not even a draw.
func TestCancelledBeforeTheRun(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	v := f64(s, "v", 1)
	write := AssignAdd(s, v, random(s, nil))
	sess := newSession(t, g, SessionConfig{})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := sess.RunContext(ctx, nil, write); !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v", err)
	}
	if out := mustRun(t, sess, nil, v, g.drawNode()); out.Float(0) != 1 || out.Float(1) != 0 {
		t.Error(out)
	}
	var noContext context.Context // must not panic
	if _, err := sess.RunContext(noContext, nil, v); err != nil {
		t.Error(err)
	}
}

// "CheckNumerics [is] decided before the first write where edges permit."
func TestNumericsCheckedBeforeTheFirstWrite(t *testing.T) {
	ablated(t, func(a *ablation) { a.early = true }, func(t *testing.T, with func(*Graph, SessionConfig) *Session) string {
		g := New(Config{})
		s := g.Scope()
		v := f64(s, "v", 1)
		write := AssignAdd(s, v, ConstOf(s, tensor.Float64, 1))
		x := double(s, "x", -1)
		bad := scale(s.NameScope("layer"), x, 1e300)
		sess := with(g, SessionConfig{CheckNumerics: true})
		_, err := sess.Run(Feeds{x: []float64{1, 1e300}}, write, bad)
		wantError(t, err, "layer/Scale", "NaN or an infinity")
		if got := mustRun(t, sess, nil, v).Float(0); got != 1 {
			return fmt.Sprintf("the variable is %v", got)
		}
		return ""
	})
}

// Otherwise "the error says 'partially applied' and lists the variables", those
// that were written and no others.
func TestFailureAfterAWriteListsTheVariables(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	x := double(s, "x")
	a, b, c, d := f64(s, "a", 1), f64(s, "b", 1), f64(s, "c", 1), f64(s, "d", 1)
	writes := s.After(AssignAdd(s, a, x), AssignAdd(s, b, x))
	untaken := Assign(s.Branch(positive(s, scale(s, x, -1)), true), d, x)
	writes = writes.After(untaken)
	broken := errors.New("broken")
	var fail error
	mid := failing(writes, Read(writes, a), &fail)
	last := AssignAdd(s, c, mid)
	sess := newSession(t, g, SessionConfig{})

	mustRun(t, sess, Feeds{x: 1}, last)
	fail = broken
	_, err := sess.Run(Feeds{x: 1}, last)
	var re *RunError
	if !errors.Is(err, broken) || !errors.As(err, &re) || !reflect.DeepEqual(re.Written, []string{"a", "b"}) {
		t.Fatalf("the error is %v", err)
	}
	wantError(t, err, "Fragile", "partially applied: a, b")
	out := mustRun(t, sess, nil, a, b, c, d)
	if out.Float(0) != 3 || out.Float(1) != 3 || out.Float(2) != 3 || out.Float(3) != 1 {
		t.Error(out)
	}

	// Cancelled after a write.
	fail = nil
	var cancel context.CancelFunc
	after := s.After(AssignAdd(s, a, x))
	end := scale(after, Read(s.After(cancelling(after, &cancel)), a), 2)
	ctx, stop := context.WithCancel(context.Background())
	cancel = stop
	_, err = sess.RunContext(ctx, Feeds{x: 1}, end)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v", err)
	}
	wantError(t, err, "partially applied: a")

	// A NaN in what was just written.
	strict := newSession(t, g, SessionConfig{CheckNumerics: true})
	_, err = strict.Run(Feeds{x: math.MaxFloat64}, Group(s, AssignAdd(s.After(AssignAdd(s, a, x)), a, x)))
	wantError(t, err, "AssignAdd", "NaN or an infinity", "partially applied: a")
	_, err = strict.Run(Feeds{x: math.NaN()}, last)
	wantError(t, err, "x (feed)", "NaN")
}

// A fetch that turns out to have no value after writes says so too.
func TestMissingFetchAfterAWrite(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	x, v := double(s, "x"), f64(s, "v", 1)
	inside := scale(s.Branch(positive(s, x), true).NameScope("branch"), x, 2)
	write := AssignAdd(s, v, x)
	sess := newSession(t, g, SessionConfig{})
	_, err := sess.Run(Feeds{x: -1}, write, inside)
	wantError(t, err, "branch/Scale", "not taken", "partially applied: v")
	if out := mustRun(t, sess, Feeds{x: 1}, write, inside); out.Float(1) != 2 {
		t.Error(out)
	}
}
