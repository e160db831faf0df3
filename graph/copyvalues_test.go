package graph

import (
	"fmt"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// CopyValues fills tensors that exist, all or none, and they are no part of the session.
func TestCopyValues(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	vars := gorgonia.Nodes{f64(s, "a", 1, 2, 2), f64(s, "b", 1), f64(s, "none", 0, 0, 3)}
	sess := newSession(t, g, SessionConfig{})
	of := func(shape ...int) *tensor.Dense {
		return tensor.New(tensor.Of(tensor.Float64), tensor.WithShape(shape...))
	}
	dst := []*tensor.Dense{of(2, 2), of(), of(0, 3)}
	memory := dst[0].Data().([]float64)
	if err := sess.CopyValues(dst, vars...); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(memory, dst[1].Data()); got != "[1 1 1 1] 1" {
		t.Error(got)
	}
	memory[0] = 7
	if v, err := sess.Value(vars[0]); err != nil || v.Data().([]float64)[0] != 1 {
		t.Error("the session's value is shared: ", v, err)
	}
	if err := sess.SetValue(vars[0], []float64{3, 4, 5, 6}); err != nil {
		t.Fatal(err)
	}
	turned := of(2, 2)
	if err := turned.T(); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		dst  []*tensor.Dense
		vars gorgonia.Nodes
		want string
	}{
		{dst[:2], vars, "2 tensors for the values of 3 variables"},
		{[]*tensor.Dense{dst[0], nil}, vars[:2], "value of b is nil"},
		{[]*tensor.Dense{dst[0], of(1)}, vars[:2], "value of b is float64[1], want float64[]"},
		{[]*tensor.Dense{dst[0], tensor.New(tensor.FromScalar(float32(1)))}, vars[:2], "value of b is float32[], want float64[]"},
		{[]*tensor.Dense{of(4)}, vars[:1], "value of a is float64[4], want float64[2, 2]"},
		{[]*tensor.Dense{turned}, vars[:1], "not contiguous"},
		{dst[:2], gorgonia.Nodes{vars[0], scale(s, vars[1], 1)}, "not a variable"},
		{dst[:2], gorgonia.Nodes{vars[0], f64(s, "late", 1)}, "late has no value"},
	} {
		wantError(t, sess.CopyValues(tt.dst, tt.vars...), tt.want)
		if memory[1] != 1 {
			t.Errorf("%s: a value was copied", tt.want)
		}
	}
	sess.Close()
	wantError(t, sess.CopyValues(dst, vars...), "closed")
}
