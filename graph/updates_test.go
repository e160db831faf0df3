package graph

import (
	"fmt"
	"testing"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

func errorf(format string, args ...interface{}) error { return errors.Errorf(format, args...) }

// timesThen is an update that multiplies a variable's current value.
func timesThen(s *Scope, v *gorgonia.Node, by float64) *gorgonia.Node {
	return Apply(s, OpDef{
		Name:    "AssignMul",
		Infer:   SameAs,
		Updates: []int{0},
		Kernel: func(*Binding) (Kernel, error) {
			return func(c *Call) error {
				for i := range c.Out.Float64s() {
					c.Out.Float64s()[i] *= by
				}
				return nil
			}, nil
		},
		NotDifferentiable: true,
	}, v)
}

// "AssignAdd, AssignSub, moving averages and optimizer updates are atomic
// read-modify-writes of the current value; unordered ones run in creation order
// and all count."
func TestUnorderedUpdatesAllCount(t *testing.T) {
	ablated(t, func(a *ablation) { a.creationOrder = true }, func(t *testing.T, with func(*Graph, SessionConfig) *Session) string {
		g := New(Config{})
		s := g.Scope()
		v := f64(s, "v", 1)
		x := double(s, "x")
		one := AssignAdd(s, v, x)    // 1 + 4
		two := timesThen(s, v, 3)    // 15
		three := AssignSub(s, v, x)  // 11
		four := timesThen(s, v, 0.5) // 5.5
		sess := with(g, SessionConfig{})
		mustRun(t, sess, Feeds{x: 4}, four, two, one, three)
		if got := mustRun(t, sess, nil, v); got.Float(0) != 5.5 {
			return fmt.Sprintf("%v, want ((1+4)*3-4)*0.5", got.Float(0))
		}
		return ""
	})
	// What makes them count is that they are declared to update the current
	// value: as plain assignments of what the Run began with, one is lost.
	g := New(Config{})
	s := g.Scope()
	v := f64(s, "v", 1)
	one := Assign(s, v, add(s, v, ConstOf(s, tensor.Float64, 4)))
	two := Assign(s.After(one), v, add(s, v, ConstOf(s, tensor.Float64, 5)))
	sess := newSession(t, g, SessionConfig{})
	mustRun(t, sess, nil, two)
	if got := mustRun(t, sess, nil, v); got.Float(0) != 6 {
		t.Errorf("%v: the contrast has gone", got.Float(0))
	}
}

// "A plain Assign unordered with another write of the same variable is an error
// naming both."
func TestUnorderedAssignIsAnError(t *testing.T) {
	for name, other := range map[string]func(s *Scope, v *gorgonia.Node) *gorgonia.Node{
		"other/Assign":    func(s *Scope, v *gorgonia.Node) *gorgonia.Node { return Assign(s, v, ZerosLike(s, v)) },
		"other/AssignAdd": func(s *Scope, v *gorgonia.Node) *gorgonia.Node { return AssignAdd(s, v, OnesLike(s, v)) },
	} {
		t.Run(name, func(t *testing.T) {
			ablated(t, func(a *ablation) { a.conflicts = true }, func(t *testing.T, with func(*Graph, SessionConfig) *Session) string {
				g := New(Config{})
				s := g.Scope()
				v := f64(s.Sub("layer"), "v", 1)
				one := Assign(s.NameScope("first"), v, OnesLike(s, v))
				two := other(s.NameScope("other"), v)
				sess := with(g, SessionConfig{})
				_, err := sess.Run(nil, one, two)
				if err == nil {
					return "no error"
				}
				wantError(t, err, "first/Assign", name, "layer/v", "After")
				if got := mustRun(t, sess, nil, v); got.Float(0) != 1 {
					t.Errorf("the failed Run changed the variable to %v", got.Float(0))
				}
				return ""
			})
		})
	}
}

// Ordered assignments, and one of them alone, are fine.
func TestOrderedAssigns(t *testing.T) {
	ablated(t, func(a *ablation) { a.controlOrder = true; a.conflicts = true; a.creationOrder = true }, func(t *testing.T, with func(*Graph, SessionConfig) *Session) string {
		g := New(Config{})
		s := g.Scope()
		v := f64(s, "v", 1)
		one := Assign(s, v, ConstOf(s, tensor.Float64, 5))
		two := Assign(s.After(one), v, ConstOf(s, tensor.Float64, 6))
		// The order may also lead through pure ops and groups.
		three := Assign(s.After(Group(s, Identity(s, two))), v, ConstOf(s, tensor.Float64, 7))
		sess := with(g, SessionConfig{})
		mustRun(t, sess, nil, three)
		if got := mustRun(t, sess, nil, v); got.Float(0) != 7 {
			return fmt.Sprintf("%v, want the last", got.Float(0))
		}
		return ""
	})
}

// Assignments in opposite branches do not conflict.
func TestAssignsInOppositeBranches(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	v, x := f64(s, "v", 1), double(s, "x")
	pred := positive(s, x)
	yes := Assign(s.Branch(pred, true), v, ConstOf(s, tensor.Float64, 10))
	no := Assign(s.Branch(pred, false), v, ConstOf(s, tensor.Float64, 20))
	sess := newSession(t, g, SessionConfig{})
	both := Group(s, yes, no)
	for _, c := range []struct{ x, want float64 }{{1, 10}, {-1, 20}} {
		mustRun(t, sess, Feeds{x: c.x}, both)
		if got := mustRun(t, sess, nil, v); got.Float(0) != c.want {
			t.Errorf("x %v: %v, want %v", c.x, got.Float(0), c.want)
		}
	}
}

// An op may write several variables at once, and have no value.
func TestUpdateOfSeveralVariablesWithoutAValue(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	a, b := f64(s, "a", 1), f64(s, "b", 10)
	def := noOp("Exchange")
	def.Updates = []int{0, 1}
	def.Kernel = func(*Binding) (Kernel, error) {
		return func(c *Call) error {
			x, y := c.In[0].Float64s(), c.In[1].Float64s()
			x[0], y[0] = y[0], x[0]
			return nil
		}, nil
	}
	swap := Apply(s, def, a, b)
	sess := newSession(t, g, SessionConfig{})
	out := mustRun(t, sess, nil, swap, a, b)
	if out[0] != nil || out.Float(1) != 1 || out.Float(2) != 10 {
		t.Errorf("beside the swap: %v", out)
	}
	out = mustRun(t, sess, nil, a, b)
	if out.Float(0) != 10 || out.Float(1) != 1 {
		t.Errorf("after the swap: %v", out)
	}
}

// AssignAdd and AssignSub in every number dtype; a bool cannot be added.
func TestUpdatesInEveryDtype(t *testing.T) {
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64, tensor.Int, tensor.Int32, tensor.Int64} {
		g := New(Config{})
		s := g.Scope()
		v := Variable(s, "v", tensor.Shape{2}, VariableConfig{Dtype: dt, NotTrainable: true})
		up := AssignAdd(s, v, ConstOf(s, dt, []int{5, 7}))
		down := AssignSub(s.After(up), v, ConstOf(s, dt, []int{1, 2}))
		sess := newSession(t, g, SessionConfig{CheckNumerics: true})
		if err := sess.SetValue(v, []int{0, 0}); err != nil {
			t.Fatal(dt, err)
		}
		out := mustRun(t, sess, nil, up, down, Read(s.After(down), v))
		if got := fmt.Sprint(out.Tensor(0).Data(), out.Tensor(1).Data(), out.Tensor(2).Data()); got != "[5 7] [4 5] [4 5]" {
			t.Error(dt, got)
		}
	}
	g := New(Config{})
	s := g.Scope().NameScope("flags")
	v := Variable(s, "v", tensor.Shape{2}, VariableConfig{Dtype: tensor.Bool, NotTrainable: true})
	_, err := newSession(t, g, SessionConfig{}).Run(nil, AssignAdd(s, v, Const(s, []bool{true, false})))
	wantError(t, err, "flags/AssignAdd", "bool cannot be added")
}
