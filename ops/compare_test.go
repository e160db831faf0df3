package ops_test

import (
	"fmt"
	"math"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

var comparisons = []struct {
	name string
	op   binaryOp
	want func(a, b float64) bool
}{
	{"Equal", ops.Equal, func(a, b float64) bool { return a == b }},
	{"NotEqual", ops.NotEqual, func(a, b float64) bool { return a != b }},
	{"Less", ops.Less, func(a, b float64) bool { return a < b }},
	{"LessEqual", ops.LessEqual, func(a, b float64) bool { return a <= b }},
	{"Greater", ops.Greater, func(a, b float64) bool { return a > b }},
	{"GreaterEqual", ops.GreaterEqual, func(a, b float64) bool { return a >= b }},
}

func TestCompare(t *testing.T) {
	shapes := [][3][]int{ // of the operands and the result
		{{3, 3}, {3, 3}, {3, 3}}, {{3, 3}, {}, {3, 3}}, {{}, {3, 3}, {3, 3}}, {{3, 3}, {3}, {3, 3}}, {{3, 1}, {3}, {3, 3}}, {{0, 3}, {3}, {0, 3}},
	}
	for _, c := range comparisons {
		for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64, tensor.Int, tensor.Int32, tensor.Int64, tensor.Uint8} {
			for _, sh := range shapes {
				t.Run(fmt.Sprint(c.name, dt, sh), func(t *testing.T) {
					// Small whole numbers: equal, less and greater all occur.
					a, b := wave(0, 0, sh[0]...), wave(0, 0, sh[1]...)
					for i := range a.data {
						a.data[i] = float64(i * 2 % 3)
					}
					for i := range b.data {
						b.data[i] = float64((i + 1) % 3)
					}
					out := sh[2]
					var want []float64
					for i := 0; i < size(out); i++ {
						v := 0.0
						if c.want(broadcastAt(a, out, i), broadcastAt(b, out, i)) {
							v = 1
						}
						want = append(want, v)
					}
					got := eval(t, dt, double(c.op), a, b)
					wantValues(t, got, out, want...)
					if got.Dtype() != tensor.Bool {
						t.Errorf("got %v; want bool", got.Dtype())
					}
				})
			}
		}
		checkBinaryErrors(t, c.op, c.name)
	}
}

func TestCompareSpecialValues(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	as, bs := at([]int{5}, nan, nan, inf, -inf, 0), at([]int{5}, nan, 1, inf, inf, math.Copysign(0, -1))
	for _, c := range comparisons {
		var want []float64
		for i, a := range as.data {
			v := 0.0
			if c.want(a, bs.data[i]) {
				v = 1
			}
			want = append(want, v)
		}
		wantValues(t, eval(t, tensor.Float32, double(c.op), as, bs), []int{5}, want...)
		// A single number on either side takes another loop.
		for i := range as.data {
			one := at([]int{1, 1}, bs.data[i])
			v := 0.0
			if c.want(as.data[i], bs.data[i]) {
				v = 1
			}
			if got := floats(eval(t, tensor.Float32, double(c.op), as, one))[i]; got != v {
				t.Errorf("%s(%v, %v) is %v with a single number on the right", c.name, as.data[i], bs.data[i], got)
			}
		}
	}
}

func TestEqualOfBools(t *testing.T) {
	a, b := at([]int{4}, 1, 1, 0, 0), at([]int{4}, 1, 0, 1, 0)
	wantValues(t, eval(t, tensor.Bool, double(ops.Equal), a, b), []int{4}, 1, 0, 0, 1)
	wantValues(t, eval(t, tensor.Bool, double(ops.NotEqual), a, b), []int{4}, 0, 1, 1, 0)
	wantBuildError(t, func(s *graph.Scope) {
		p := graph.Placeholder(s, "p", tensor.Bool, 3)
		ops.Less(s, p, p)
	}, "Less", "bool[3]", "float32")
}

// No gradient flows through a comparison, and none is missed.
func TestCompareStopsGradients(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	x := graph.Placeholder(s, "x", tensor.Float32, 3)
	mask := ops.Cast(s, ops.Greater(s, x, graph.Const(s, 0.0)), tensor.Float32)
	dx := graph.Gradients(s, gorgonia.Nodes{mask}, gorgonia.Nodes{x}, nil)
	if dx[0] != nil || g.Err() != nil {
		t.Errorf("got the gradient %v and error %v; want nil and none", dx[0], g.Err())
	}
}
