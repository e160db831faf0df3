package ops_test

import (
	"fmt"
	"math"
	"runtime"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
)

type binaryOp = func(s *graph.Scope, a, b *gorgonia.Node) *gorgonia.Node

// broadcastShapes are pairs of operand shapes and the shape of the result.
var broadcastShapes = []struct{ a, b, out []int }{
	{[]int{3, 4}, []int{3, 4}, []int{3, 4}},                // equal
	{[]int{}, []int{}, []int{}},                            // two scalars
	{[]int{3, 4}, []int{}, []int{3, 4}},                    // a scalar on the right
	{[]int{}, []int{3, 4}, []int{3, 4}},                    // and on the left
	{[]int{3, 4}, []int{1}, []int{3, 4}},                   // one element
	{[]int{3, 4}, []int{1, 1}, []int{3, 4}},                //
	{[]int{3, 4}, []int{4}, []int{3, 4}},                   // a row vector
	{[]int{4}, []int{3, 4}, []int{3, 4}},                   //
	{[]int{3, 4}, []int{3, 1}, []int{3, 4}},                // a column
	{[]int{3, 1}, []int{3, 4}, []int{3, 4}},                //
	{[]int{3, 1}, []int{1, 4}, []int{3, 4}},                // outer
	{[]int{1, 4}, []int{3, 1}, []int{3, 4}},                //
	{[]int{2, 3, 1, 2}, []int{3, 4, 1}, []int{2, 3, 4, 2}}, // the general walk
	{[]int{2, 1, 3, 1}, []int{1, 2, 1, 2}, []int{2, 2, 3, 2}},
	{[]int{2, 3, 2}, []int{2, 1, 2}, []int{2, 3, 2}},
	{[]int{1}, []int{1, 1, 1}, []int{1, 1, 1}}, // size 1 everywhere
	{[]int{0, 4}, []int{4}, []int{0, 4}},       // nothing
	{[]int{3, 0}, []int{3, 1}, []int{3, 0}},
	{[]int{0}, []int{1}, []int{0}},
}

func size(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}

// broadcastAt returns the element of v that meets element i of shape out.
func broadcastAt(v values, out []int, i int) float64 {
	at, stride := 0, 1
	for k := 1; k <= len(out); k++ {
		d := out[len(out)-k]
		j := i % d
		i /= d
		if k > len(v.shape) {
			continue
		}
		if e := v.shape[len(v.shape)-k]; e != 1 {
			at += j * stride
			stride *= e
		}
	}
	return v.data[at]
}

// checkBroadcastValues compares an op with its scalar formula for every pair of
// shapes, on float64.
func checkBroadcastValues(t *testing.T, op binaryOp, formula func(a, b float64) float64) {
	t.Helper()
	for _, c := range broadcastShapes {
		a, b := wave(2, 0.3, c.a...), wave(1.5, -0.2, c.b...)
		want := make([]float64, size(c.out))
		for i := range want {
			want[i] = formula(broadcastAt(a, c.out, i), broadcastAt(b, c.out, i))
		}
		t.Run(fmt.Sprint(c.a, c.b), func(t *testing.T) {
			wantValues(t, eval(t, tensor.Float64, double(op), a, b), c.out, want...)
		})
	}
}

// checkBroadcastGradients checks both gradients for every pair of shapes.
// Operands are positive and apart.
func checkBroadcastGradients(t *testing.T, op binaryOp) {
	t.Helper()
	for _, c := range broadcastShapes {
		if size(c.out) > 24 {
			continue
		}
		t.Run(fmt.Sprint("gradient", c.a, c.b), func(t *testing.T) {
			checkGradients(t, double(op), wave(0.4, 1.5, c.a...), wave(0.3, 0.71, c.b...))
		})
	}
}

func checkBinaryGolden(t *testing.T, name string, op binaryOp) {
	t.Helper()
	checkBinaryGoldenIn(t, "binary", name, op)
}

func checkBinaryGoldenIn(t *testing.T, file, name string, op binaryOp) {
	t.Helper()
	checkGolden(t, file, name, func(s *graph.Scope, c golden.Case, in map[string]*gorgonia.Node) *gorgonia.Node {
		return op(s, in["a"], in["b"])
	}, "a", "b")
}

// checkBinaryErrors feeds an op operands that do not go together.
func checkBinaryErrors(t *testing.T, op binaryOp, name string) {
	t.Helper()
	for _, c := range []struct {
		a, b  []int
		dtype tensor.Dtype // of b
		words []string
	}{
		{[]int{3, 4}, []int{3}, tensor.Float32, []string{"float32[3, 4]", "float32[3]", "equal or 1"}},
		{[]int{-1, 4}, []int{2, 5}, tensor.Float32, []string{"float32[?, 4]", "float32[2, 5]"}},
		{[]int{3, 4}, []int{3, 4}, tensor.Float64, []string{"float32[3, 4]", "float64[3, 4]", "ops.Cast"}},
	} {
		wantBuildError(t, func(s *graph.Scope) {
			n := op(s, graph.Placeholder(s, "a", tensor.Float32, c.a...), graph.Placeholder(s, "b", c.dtype, c.b...))
			before := s.Graph().Err()
			if op(s, n, n); !graph.IsBad(n) || s.Graph().Err() != before {
				t.Errorf("a failed op must give a bad node, on which later ops do nothing; got %v, then %v", n, s.Graph().Err())
			}
		}, name, c.words...)
	}
}

// An int constant is the likely cause of a mismatch.
func TestBroadcastHintsAtIntConstants(t *testing.T) {
	wantBuildError(t, func(s *graph.Scope) {
		ops.Mul(s, graph.Placeholder(s, "x", tensor.Float32, 3), graph.Const(s, 2))
	}, "Mul", "float32[3]", "int[]", "2.0")
}

// What does not fit is found in the Run when sizes were unknown before.
func TestBroadcastMismatchInRun(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	feeds := graph.Feeds{}
	a := input(s, feeds, "a", tensor.Float32, wave(1, 0, 3, 4), true)
	b := input(s, feeds, "b", tensor.Float32, wave(1, 0, 3), true)
	wantRunError(t, g, feeds, ops.Add(s.NameScope("net"), a, b), "net/Add", "[3, 4]", "[3]")
}

// No SumTo is needed where the shapes are known to be equal, or where only the
// batch size is unknown and the other operand has no batch axis.
func TestNoSumToWhereShapesAreEqual(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	x := graph.Placeholder(s, "x", tensor.Float32, -1, 4)
	k := graph.Placeholder(s, "k", tensor.Float32, 3, 4)
	graph.Gradients(s, gorgonia.Nodes{ops.Mul(s, k, k), ops.Add(s, x, x)}, gorgonia.Nodes{k, x}, nil)
	row := graph.Placeholder(s, "row", tensor.Float32, 4)
	dx := graph.Gradients(s, gorgonia.Nodes{ops.Mul(s, x, row)}, gorgonia.Nodes{x}, nil)
	if name := g.NameOf(dx[0]); name != "Mul_2" && name != "Mul_3" && name != "Mul_4" {
		t.Errorf("the gradient for [?, 4] against [4] is %s; want a plain product", name)
	}
	for _, n := range g.Operations() {
		if op := n.Op(); op != nil && op.String() == "SumTo" && len(g.NameOf(n)) < len("SumTo_1") {
			if graph.SpecOf(n).Rank() != 1 {
				t.Errorf("SumTo was built for %v", graph.SpecOf(n))
			}
		}
	}
}

// Large operands go through several goroutines; their number must not show.
func TestBroadcastDoesNotDependOnWorkers(t *testing.T) {
	shapes := [][2][]int{
		{{300, 200}, {300, 200}}, {{300, 200}, {200}}, {{300, 200}, {300, 1}}, {{300, 200}, {}},
		{{10, 1, 20, 30}, {20, 1, 30}}, {{70000}, {}},
	}
	for _, sh := range shapes {
		build := func(s *graph.Scope, xs gorgonia.Nodes) *gorgonia.Node {
			y := ops.Mul(s, xs[0], xs[1])
			return ops.Concat(s, 0, ops.Reshape(s, y, -1), ops.Reshape(s, ops.Mean(s, y), -1), ops.Reshape(s, ops.Sum(s, y, 0), -1))
		}
		a, b := wave(2, 0.3, sh[0]...), wave(1.5, -0.2, sh[1]...)
		before := runtime.GOMAXPROCS(1)
		one := floats(eval(t, tensor.Float32, build, a, b))
		runtime.GOMAXPROCS(4)
		four := floats(eval(t, tensor.Float32, build, a, b))
		runtime.GOMAXPROCS(before)
		for i := range one {
			if math.Float64bits(one[i]) != math.Float64bits(four[i]) {
				t.Fatalf("%v: element %d is %v with one worker and %v with four", sh, i, one[i], four[i])
			}
		}
	}
}
