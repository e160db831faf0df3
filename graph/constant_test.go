package graph

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/pkg/errors"
	"gorgonia.org/tensor"
)

func TestConstFrom(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	shape := tensor.Shape{2, 2}
	c := ConstFrom(s, Spec{tensor.Float32, shape}, func(out *Array) error {
		out.Float32s()[1] = 3
		return nil
	})
	shape[0] = 5
	one := ConstFrom(s, Spec{tensor.Int64, nil}, func(out *Array) error {
		out.Int64s()[0] = 7
		return nil
	})
	out := mustRun(t, newSession(t, g, SessionConfig{}), nil, c, one)
	if got := fmt.Sprint(out.Float32s(0), out.Tensor(0).Shape(), out.Tensor(1).Data()); got != "[0 3 0 0] (2, 2) 7" {
		t.Error(got)
	}
}

func TestConstFromErrors(t *testing.T) {
	fill := func(*Array) error { return nil }
	for name, c := range map[string]struct {
		sp   Spec
		fill func(*Array) error
		want string
	}{
		"unknown": {Spec{tensor.Float32, tensor.Shape{-1}}, fill, "every size known"},
		"huge":    {Spec{tensor.Float32, tensor.Shape{1 << 20, 1 << 20}}, fill, "elements"},
		"dtype":   {Spec{tensor.Complex64, nil}, fill, "complex64"},
		"nil":     {Spec{tensor.Float32, nil}, nil, "is nil"},
		"read":    {Spec{tensor.Float32, nil}, func(*Array) error { return errors.New("the file is closed") }, "the file is closed"},
	} {
		t.Run(name, func(t *testing.T) {
			g := New(Config{})
			if n := ConstFrom(g.Scope(), c.sp, c.fill); !IsBad(n) {
				t.Error("it is a node")
			}
			wantError(t, g.Err(), "Const", c.want)
		})
	}
}

// The value is there once.
func TestConstFromTakesNoMoreThanItsValue(t *testing.T) {
	const n, small = 1 << 22, 1 << 16
	g := New(Config{})
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	ConstFrom(g.Scope(), Spec{tensor.Float32, tensor.Shape{n}}, func(*Array) error { return nil })
	runtime.ReadMemStats(&after)
	if took := after.TotalAlloc - before.TotalAlloc; took > 4*n+small {
		t.Errorf("a constant of %d bytes took %d", 4*n, took)
	}
}
