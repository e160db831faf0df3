package graph

import (
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Sizes that no machine holds, or whose product does not fit an int, are build
// errors, not panics, empty values or a Run without end.
func TestAbsurdSizes(t *testing.T) {
	shaped := func(sizes ...int) OpDef {
		return OpDef{
			Name:   "Huge",
			Infer:  func([]Spec) (Spec, error) { return Spec{tensor.Float32, sizes}, nil },
			Kernel: func(*Binding) (Kernel, error) { return func(*Call) error { return nil }, nil },
		}
	}
	for name, build := range map[string]func(s *Scope) *gorgonia.Node{
		"wraps to zero":     func(s *Scope) *gorgonia.Node { return Apply(s, shaped(1<<40, 1<<40)) },
		"wraps to negative": func(s *Scope) *gorgonia.Node { return Apply(s, shaped(1<<32, 1<<31)) },
		"large":             func(s *Scope) *gorgonia.Node { return Apply(s, shaped(1<<62)) },
		"large but for 0":   func(s *Scope) *gorgonia.Node { return Apply(s, shaped(0, 1<<62)) },
		"variable":          func(s *Scope) *gorgonia.Node { return Variable(s, "v", tensor.Shape{1 << 40, 784}, VariableConfig{}) },
		"placeholder":       func(s *Scope) *gorgonia.Node { return Placeholder(s, "p", tensor.Float32, -1, 1<<40) },
	} {
		g := New(Config{})
		n := build(g.Scope())
		if err := g.Err(); !IsBad(n) || err == nil || !strings.Contains(err.Error(), "2^36 elements") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The sizes that a Run's feeds give are checked as well.
func TestAbsurdFedSizes(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	x := Placeholder(s, "x", tensor.Float32, -1)
	outer := Apply(s, OpDef{
		Name: "Outer",
		Infer: func(in []Spec) (Spec, error) {
			n := in[0].Shape[0]
			if n > 0 {
				n *= 1 << 30
			}
			return Spec{tensor.Float32, tensor.Shape{n, n}}, nil
		},
		Kernel: func(*Binding) (Kernel, error) { return func(*Call) error { return nil }, nil },
	}, x)
	sess := newSession(t, g, SessionConfig{})
	if _, err := sess.Run(Feeds{x: []float32{1, 2}}, outer); err == nil || !strings.Contains(err.Error(), "Outer") || !strings.Contains(err.Error(), "2^36 elements") {
		t.Error(err)
	}
}
