package graph

import (
	"math"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Config.Dtype is the working float type, which bare Go numbers and variables
// take; Config says so when it is nonsense.
func TestWorkingDtype(t *testing.T) {
	for _, dt := range []tensor.Dtype{{}, tensor.Float32, tensor.Float64} {
		g := New(Config{Dtype: dt, Seed: 9})
		want := dt
		if dt.Type == nil {
			want = tensor.Float32
		}
		s := g.Scope()
		for _, n := range (gorgonia.Nodes{Const(s, 1.5), Const(s, []float64{1, 2}), PlaceholderWithDefault(s, "rate", 0.1), Variable(s, "v", nil, VariableConfig{})}) {
			if SpecOf(n).Dtype != want {
				t.Errorf("%v: %s is %v", dt, g.NameOf(n), SpecOf(n))
			}
		}
		for _, c := range []struct {
			n    *gorgonia.Node
			want tensor.Dtype
		}{{Const(s, 3), tensor.Int}, {Const(s, float32(3)), tensor.Float32}, {Const(s, true), tensor.Bool},
			{Const(s, tensor.New(tensor.WithShape(1), tensor.Of(tensor.Float64))), tensor.Float64}} {
			if SpecOf(c.n).Dtype != c.want {
				t.Errorf("%v, want %v", SpecOf(c.n), c.want)
			}
		}
		if g.Dtype() != want || g.Seed() != 9 || g.Expr() == nil || g.Err() != nil {
			t.Error(g.Dtype(), g.Seed(), g.Err())
		}
	}
	g := New(Config{Dtype: tensor.Int64})
	wantError(t, g.Err(), "int64", "want tensor.Float32 or tensor.Float64")
	if x := Const(g.Scope(), 1.5); SpecOf(x).Dtype != tensor.Float32 {
		t.Error(SpecOf(x))
	}
}

// A constraint stays with its variable.
func TestConstraint(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	c := func(s *Scope, v *gorgonia.Node) *gorgonia.Node { return scale(s, v, 0.5) }
	v := Variable(s, "v", nil, VariableConfig{Dtype: tensor.Float64, Initializer: constantly(8), Constraint: c, Collections: []string{"mine"}})
	if g.ConstraintOf(v) == nil || g.ConstraintOf(f64(s, "w", 1)) != nil || len(g.Collection("mine")) != 1 {
		t.Error("the constraint is lost")
	}
	if out := mustRun(t, newSession(t, g, SessionConfig{}), nil, g.ConstraintOf(v)(s, v)); out.Float(0) != 4 {
		t.Error(out)
	}
}

// CheckNumerics finds NaN and infinities in both float dtypes and names the
// first node that made one; without it they pass.
func TestCheckNumerics(t *testing.T) {
	for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		g := New(Config{})
		s := g.Scope().NameScope("net")
		x := double(s, "x", -1)
		f := Placeholder(s, "f", tensor.Float32, -1)
		inner := scale(s.NameScope("first"), x, bad)
		outer := scale(s.NameScope("second"), inner, 2)
		strict, lax := newSession(t, g, SessionConfig{CheckNumerics: true}), newSession(t, g, SessionConfig{})
		_, err := strict.Run(Feeds{x: []float64{1, 2}}, outer)
		wantError(t, err, "net/first/Scale", "NaN or an infinity")
		_, err = strict.Run(Feeds{f: []float32{1, float32(bad)}}, Identity(s, f))
		wantError(t, err, "net/f (feed)", "NaN or an infinity")
		if _, err := lax.Run(Feeds{x: []float64{1, 2}, f: []float32{float32(bad)}}, outer, f); err != nil {
			t.Error(err)
		}
	}
}
