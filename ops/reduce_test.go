package ops_test

import (
	"fmt"
	"math"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
)

type reduceOp = func(s *graph.Scope, x *gorgonia.Node, axes ...int) *gorgonia.Node

// reductions lists the reductions with the formula for the elements that meet
// in one.
var reductions = []struct {
	name       string
	drop, keep reduceOp
	of         func(x []float64) float64
}{
	{"Sum", ops.Sum, ops.SumKeep, total},
	{"Mean", ops.Mean, ops.MeanKeep, func(x []float64) float64 { return total(x) / float64(len(x)) }},
	{"Max", ops.Max, ops.MaxKeep, func(x []float64) float64 {
		m := math.Inf(-1)
		for _, v := range x {
			m = math.Max(m, v)
		}
		return m
	}},
	{"Min", ops.Min, ops.MinKeep, func(x []float64) float64 {
		m := math.Inf(1)
		for _, v := range x {
			m = math.Min(m, v)
		}
		return m
	}},
}

func total(x []float64) float64 {
	t := 0.0
	for _, v := range x {
		t += v
	}
	return t
}

func over(op reduceOp, axes ...int) unaryOp {
	return func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return op(s, x, axes...) }
}

func TestReduceGolden(t *testing.T) {
	for _, r := range reductions {
		checkReduceGolden(t, "reductions", r.name, r.drop, r.keep)
	}
}

func checkReduceGolden(t *testing.T, file, name string, drop, keep reduceOp) {
	t.Helper()
	checkGolden(t, file, name, func(s *graph.Scope, c golden.Case, in map[string]*gorgonia.Node) *gorgonia.Node {
		if c.Param("keepDims") != 0 {
			return keep(s, in["x"], c.Axes...)
		}
		return drop(s, in["x"], c.Axes...)
	}, "x")
}

// checkReduceValues compares a reduction with its formula along every path, to
// the given relative tolerance.
func checkReduceValues(t *testing.T, name string, drop, keep reduceOp, of func([]float64) float64, a, b, rtol float64) {
	t.Helper()
	for _, c := range reduceCases {
		x := wave(a, b, c.shape...)
		dropped, kept, want := reduced(x, c.axes, of)
		for _, form := range []struct {
			op    reduceOp
			shape []int
		}{{drop, dropped}, {keep, kept}} {
			got := eval(t, tensor.Float64, single(over(form.op, c.axes...)), x)
			wantValues(t, got, form.shape)
			for i, v := range floats(got) {
				if math.Abs(v-want[i]) > rtol*math.Abs(want[i]) {
					t.Errorf("%s of %v over %v: element %d is %v; want %v", name, c.shape, c.axes, i, v, want[i])
				}
			}
		}
	}
}

// checkReduceGradients checks a reduction along every path.
func checkReduceGradients(t *testing.T, name string, drop, keep reduceOp, a, b float64) {
	t.Helper()
	for _, c := range reduceCases {
		t.Run(fmt.Sprint(name, c.shape, c.axes), func(t *testing.T) {
			x := wave(a, b, c.shape...)
			checkGradients(t, single(over(drop, c.axes...)), x)
			checkGradients(t, single(over(keep, c.axes...)), x)
		})
	}
}

// checkReduceErrors feeds a reduction of floats what it cannot take.
func checkReduceErrors(t *testing.T, name string, op reduceOp) {
	t.Helper()
	for _, c := range []struct {
		dtype tensor.Dtype
		axes  []int
		words []string
	}{
		{tensor.Float32, []int{2}, []string{"float32[?, 3]", "axis 2", "-2 to 1"}},
		{tensor.Float32, []int{0, -2}, []string{"twice"}},
		{tensor.Bool, nil, []string{"bool[?, 3]", "float32"}},
	} {
		wantBuildError(t, func(s *graph.Scope) {
			op(s, graph.Placeholder(s, "x", c.dtype, -1, 3), c.axes...)
		}, name, c.words...)
	}
}

// reduceCases are shapes and axes that take every path through the kernels.
var reduceCases = []struct{ shape, axes []int }{
	{[]int{}, nil},
	{[]int{1}, nil},
	{[]int{5}, nil},
	{[]int{3, 4}, nil},
	{[]int{3, 4}, []int{0}},
	{[]int{3, 4}, []int{1}},
	{[]int{3, 4}, []int{-1}},
	{[]int{3, 4}, []int{-2, 1}},
	{[]int{1, 4}, []int{0}}, // nothing to add
	{[]int{4, 1}, []int{1}},
	{[]int{2, 3, 4}, []int{1}},          // columns of several matrices
	{[]int{2, 3, 4}, []int{0, 2}},       // all but the middle
	{[]int{2, 3, 2, 2}, []int{0, 2}},    // alternating
	{[]int{2, 3, 2, 2}, []int{1, 3}},    //
	{[]int{2, 3, 2, 2}, []int{3, 0, 2}}, // not in order
	{[]int{2, 1, 3, 1}, []int{1, 2}},
	{[]int{2, 2, 2, 2, 2}, []int{0, 2, 4}},
}

// reduced computes a reduction the slow way.
func reduced(x values, axes []int, of func([]float64) float64) (drop, keep []int, want []float64) {
	rank := len(x.shape)
	is := make([]bool, rank)
	for _, a := range axes {
		is[(a+rank)%rank] = true
	}
	for a, d := range x.shape {
		if len(axes) == 0 {
			is[a] = true
		}
		if is[a] {
			keep = append(keep, 1)
		} else {
			keep = append(keep, d)
			drop = append(drop, d)
		}
	}
	lists := make([][]float64, size(keep))
	for i, v := range x.data {
		rest, where, stride := i, 0, 1
		for a := rank - 1; a >= 0; a-- {
			j := rest % x.shape[a]
			rest /= x.shape[a]
			if !is[a] {
				where += j * stride
				stride *= x.shape[a]
			}
		}
		lists[where] = append(lists[where], v)
	}
	for _, l := range lists {
		want = append(want, of(l))
	}
	return drop, keep, want
}

func TestReduceValues(t *testing.T) {
	for _, r := range reductions {
		for _, c := range reduceCases {
			t.Run(fmt.Sprint(r.name, c.shape, c.axes), func(t *testing.T) {
				x := wave(3, 0.5, c.shape...)
				for i := range x.data { // whole numbers, so that sums are exact
					x.data[i] = math.Round(x.data[i] * 8)
				}
				drop, keep, want := reduced(x, c.axes, r.of)
				wantValues(t, eval(t, tensor.Float64, single(over(r.drop, c.axes...)), x), drop, want...)
				wantValues(t, eval(t, tensor.Float64, single(over(r.keep, c.axes...)), x), keep, want...)
				if r.name == "Mean" {
					return
				}
				for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Int, tensor.Int32, tensor.Int64} {
					wantValues(t, eval(t, dt, single(over(r.drop, c.axes...)), x), drop, want...)
				}
			})
		}
	}
}

func TestReduceGradients(t *testing.T) {
	for _, r := range reductions {
		for _, c := range reduceCases {
			t.Run(fmt.Sprint(r.name, c.shape, c.axes), func(t *testing.T) {
				// The square makes the second derivative of a sum say something.
				square := func(op reduceOp) func(*graph.Scope, gorgonia.Nodes) *gorgonia.Node {
					return single(func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
						return op(s, ops.Square(s, x), c.axes...)
					})
				}
				x := wave(1, 2.5, c.shape...)
				checkGradients(t, square(r.drop), x)
				checkGradients(t, square(r.keep), x)
			})
		}
	}
}

func TestReduceOfNothing(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range []struct {
		name string
		op   reduceOp
		want float64
	}{{"Sum", ops.Sum, 0}, {"Mean", ops.Mean, nan}, {"Max", ops.Max, -inf}, {"Min", ops.Min, inf}} {
		for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
			wantValues(t, eval(t, dt, single(over(c.op, 0)), at([]int{0, 2})), []int{2}, c.want, c.want)
			wantValues(t, eval(t, dt, single(over(c.op, 1)), at([]int{2, 0})), []int{2}, c.want, c.want)
			wantValues(t, eval(t, dt, single(over(c.op)), at([]int{2, 0})), nil, c.want)
			wantValues(t, eval(t, dt, single(over(c.op, 1)), at([]int{0, 2})), []int{0})
		}
	}
	wantValues(t, eval(t, tensor.Int32, single(over(ops.Max, 0)), at([]int{0, 1})), []int{1}, math.MinInt32)
	wantValues(t, eval(t, tensor.Uint8, single(over(ops.Min, 0)), at([]int{0, 1})), []int{1}, 255)
}

func TestReduceSpecialValues(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	x := at([]int{4, 3}, 1, 2, 3, nan, 1, 0, inf, 1, -inf, inf, inf, 5)
	want := map[string][]float64{"Sum": {6, nan, nan, inf}, "Mean": {2, nan, nan, inf}, "Max": {3, nan, inf, inf}, "Min": {1, nan, -inf, 5}}
	for _, r := range reductions {
		wantValues(t, eval(t, tensor.Float32, single(over(r.drop, 1)), x), []int{4}, want[r.name]...)
		// The same elements as columns, and scattered.
		turned := func(perm []int, shape []int, axes ...int) unaryOp {
			return func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
				return r.drop(s, ops.Reshape(s, ops.Transpose(s, x, perm...), shape...), axes...)
			}
		}
		wantValues(t, eval(t, tensor.Float32, single(turned([]int{1, 0}, []int{3, 4}, 0)), x), []int{4}, want[r.name]...)
		wantValues(t, eval(t, tensor.Float32, single(turned([]int{1, 0}, []int{3, 1, 4, 1}, 0, 1)), x), []int{4, 1}, want[r.name]...)
	}
}

// Long sums keep their accuracy in float32, along every path: the error of
// adding one after the other would be about 1e-3.
func TestSumIsAccurate(t *testing.T) {
	const n = 1 << 17
	for _, c := range []struct{ shape, axes []int }{
		{[]int{n}, nil}, {[]int{n, 2}, []int{0}}, {[]int{2, n}, []int{1}}, {[]int{n / 4, 2, 4}, []int{0, 2}}, {[]int{n / 4, 2, 4, 2}, []int{0, 2}},
	} {
		x := values{c.shape, make([]float64, size(c.shape))}
		for i := range x.data {
			x.data[i] = float64(float32(0.1 + 0.01*math.Sin(float64(i))))
		}
		_, _, want := reduced(x, c.axes, total)
		for i, v := range floats(eval(t, tensor.Float32, single(over(ops.Sum, c.axes...)), x)) {
			if math.Abs(v-want[i]) > 3e-7*math.Abs(want[i]) {
				t.Errorf("%v over %v: element %d is %v; want %v", c.shape, c.axes, i, v, want[i])
			}
		}
	}
	// Cancellation along a scattered path, which compensates.
	x := at([]int{2, 2, 2, 2}, 1e16, 1e16, 1, 1, 1e16, 1e16, 1, 1, -1e16, -1e16, 1, 1, -1e16, -1e16, 1, 1)
	wantValues(t, eval(t, tensor.Float64, single(over(ops.Sum, 0, 2)), x), []int{2, 2}, 2, 2, 2, 2)
}

// The gradient of a maximum is divided equally among equals.
func TestMaxGradientAtTies(t *testing.T) {
	for _, op := range []reduceOp{ops.Max, ops.MaxKeep} {
		g := graph.New(graph.Config{})
		s := g.Scope()
		feeds := graph.Feeds{}
		x := input(s, feeds, "x", tensor.Float32, at([]int{2, 4}, 3, 1, 3, 3, 0, 0, 0, 0), true)
		d := graph.Gradients(s, gorgonia.Nodes{op(s, x, 1)}, gorgonia.Nodes{x}, nil)
		third := float64(float32(1) / 3)
		wantValues(t, run(t, g, feeds, d[0]).Tensor(0), []int{2, 4}, third, 0, third, third, .25, .25, .25, .25)
	}
}

func TestReduceErrors(t *testing.T) {
	for _, r := range reductions {
		for _, op := range []reduceOp{r.drop, r.keep} {
			for _, c := range []struct {
				axes  []int
				words []string
			}{
				{[]int{2}, []string{"float32[?, 3]", "axis 2", "rank 2", "-2 to 1"}},
				{[]int{-3}, []string{"axis -3"}},
				{[]int{0, -2}, []string{"axis -2", "twice"}},
			} {
				wantBuildError(t, func(s *graph.Scope) {
					op(s, graph.Placeholder(s, "x", tensor.Float32, -1, 3), c.axes...)
				}, r.name, c.words...)
			}
			wantBuildError(t, func(s *graph.Scope) {
				op(s, graph.Placeholder(s, "x", tensor.Bool, 3))
			}, r.name, "bool[3]", "ops.Cast")
		}
	}
	wantBuildError(t, func(s *graph.Scope) {
		ops.Mean(s, graph.Placeholder(s, "x", tensor.Int, 3))
	}, "Mean", "int[3]", "float32 or float64")
}
