package ops_test

import (
	"fmt"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

// likeOf applies an op to x and to a node of which only the shape matters, and
// that cannot be computed: the Run must not try to.
func likeOf(like []int, op binaryOp) unaryOp {
	return func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
		zero := graph.Const(s, at([]int{size(like)}, make([]float64, size(like))...).feed(tensor.Int64))
		undefined := ops.Reshape(s, ops.Div(s, zero, zero), like...) // an integer division by zero
		return op(s, x, undefined)
	}
}

func TestBroadcastLike(t *testing.T) {
	for _, c := range broadcastShapes {
		for _, from := range [][]int{c.a, c.b} {
			x := wave(1, 0.3, from...)
			var want []float64
			for i := 0; i < size(c.out); i++ {
				want = append(want, broadcastAt(x, c.out, i))
			}
			t.Run(fmt.Sprint(from, c.out), func(t *testing.T) {
				wantValues(t, eval(t, tensor.Float64, single(likeOf(c.out, ops.BroadcastLike)), x), c.out, want...)
				if size(c.out) <= 24 {
					checkGradients(t, single(func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
						return likeOf(c.out, ops.BroadcastLike)(s, ops.Square(s, x))
					}), x)
				}
			})
		}
	}
	wantValues(t, eval(t, tensor.Bool, single(likeOf([]int{2, 2}, ops.BroadcastLike)), at([]int{2, 1}, 1, 0)), []int{2, 2}, 1, 1, 0, 0)
}

func TestSumTo(t *testing.T) {
	for _, c := range broadcastShapes {
		for _, to := range [][]int{c.a, c.b} {
			x := wave(0, 0, c.out...)
			want := make([]float64, size(to))
			place := values{to, make([]float64, size(to))} // where each element of x goes
			for i := range place.data {
				place.data[i] = float64(i)
			}
			for i := range x.data {
				x.data[i] = float64(i*i%7 - 2)
				want[int(broadcastAt(place, c.out, i))] += x.data[i]
			}
			t.Run(fmt.Sprint(c.out, to), func(t *testing.T) {
				for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64, tensor.Int, tensor.Int32, tensor.Int64} {
					wantValues(t, eval(t, dt, single(likeOf(to, ops.SumTo)), x), to, want...)
				}
				if size(c.out) <= 24 {
					checkGradients(t, single(func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
						return likeOf(to, ops.SumTo)(s, ops.Square(s, x))
					}), x)
				}
			})
		}
	}
}

func TestReshapeLike(t *testing.T) {
	for _, c := range []struct{ from, to []int }{
		{[]int{2, 6}, []int{3, 4}}, {[]int{}, []int{1, 1}}, {[]int{1}, []int{}}, {[]int{0, 3}, []int{2, 0}},
	} {
		x := wave(1, 0.3, c.from...)
		wantValues(t, eval(t, tensor.Float64, single(likeOf(c.to, ops.ReshapeLike)), x), c.to, x.data...)
		checkGradients(t, single(func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
			return likeOf(c.to, ops.ReshapeLike)(s, ops.Square(s, x))
		}), x)
	}
}

func TestSliceLikeAndPadLike(t *testing.T) {
	for _, c := range []struct{ whole, part, begin []int }{
		{[]int{3, 4}, []int{2, 2}, []int{1, 1}},
		{[]int{3, 4}, []int{3, 4}, []int{0, 0}},
		{[]int{3, 4}, []int{2, 4}, []int{1, 0}},
		{[]int{3, 4}, []int{0, 4}, []int{3, 0}},
		{[]int{5}, []int{1}, []int{4}},
		{[]int{2, 3, 2}, []int{1, 2, 1}, []int{1, 0, 1}},
		{[]int{}, []int{}, []int{}},
	} {
		x := wave(1, 0.3, c.whole...)
		part, padded := cut(x, c.part, c.begin)
		slice := func(s *graph.Scope, x, like *gorgonia.Node) *gorgonia.Node {
			return ops.SliceLike(s, x, like, c.begin...)
		}
		pad := func(s *graph.Scope, x, like *gorgonia.Node) *gorgonia.Node {
			return ops.PadLike(s, x, like, c.begin...)
		}
		t.Run(fmt.Sprint(c.whole, c.part, c.begin), func(t *testing.T) {
			wantValues(t, eval(t, tensor.Float64, single(likeOf(c.part, slice)), x), c.part, part...)
			wantValues(t, eval(t, tensor.Float64, single(likeOf(c.whole, pad)), values{c.part, part}), c.whole, padded...)
			for _, f := range []struct {
				op binaryOp
				to []int
				x  values
			}{{slice, c.part, x}, {pad, c.whole, values{c.part, part}}} {
				checkGradients(t, single(func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
					return likeOf(f.to, f.op)(s, ops.Square(s, x))
				}), f.x)
			}
		})
	}
}

// cut takes a part out of x; padded is x with zeros around the part.
func cut(x values, part, begin []int) (inside, padded []float64) {
	for i, v := range x.data {
		rest, in := i, true
		for a := len(x.shape) - 1; a >= 0; a-- {
			j := rest%x.shape[a] - begin[a]
			rest /= x.shape[a]
			in = in && j >= 0 && j < part[a]
		}
		if in {
			inside = append(inside, v)
			padded = append(padded, v)
		} else {
			padded = append(padded, 0)
		}
	}
	return inside, padded
}

func TestLikeErrors(t *testing.T) {
	slice := func(s *graph.Scope, x, like *gorgonia.Node) *gorgonia.Node { return ops.SliceLike(s, x, like, 0, 2) }
	pad := func(s *graph.Scope, x, like *gorgonia.Node) *gorgonia.Node { return ops.PadLike(s, x, like, 0, 2) }
	for _, c := range []struct {
		name    string
		op      binaryOp
		x, like []int
		words   []string
	}{
		{"SumTo", ops.SumTo, []int{2, 3}, []int{2}, []string{"float32[2, 3]", "float32[2]"}},
		{"SumTo", ops.SumTo, []int{3}, []int{2, 3}, []string{"float32[3]", "float32[2, 3]"}},
		{"BroadcastLike", ops.BroadcastLike, []int{2}, []int{2, 3}, []string{"float32[2]", "float32[2, 3]"}},
		{"BroadcastLike", ops.BroadcastLike, []int{2, 3}, []int{3}, []string{"float32[2, 3]", "float32[3]"}},
		{"ReshapeLike", ops.ReshapeLike, []int{2, 3}, []int{5}, []string{"float32[2, 3]", "float32[5]"}},
		{"SliceLike", slice, []int{2, 3}, []int{2, 2}, []string{"beyond axis 1"}},
		{"SliceLike", slice, []int{2, 3}, []int{2}, []string{"want one rank"}},
		{"PadLike", pad, []int{2, 2}, []int{2, 3}, []string{"beyond axis 1"}},
	} {
		wantBuildError(t, func(s *graph.Scope) {
			c.op(s, graph.Placeholder(s, "x", tensor.Float32, c.x...), graph.Placeholder(s, "like", tensor.Float32, c.like...))
		}, c.name, c.words...)
	}
}
