package ops_test

import (
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
)

type unaryOp = func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node

// unaryShapes are shapes that every elementwise op takes.
var unaryShapes = [][]int{{}, {1}, {2, 3}, {2, 1, 3}, {0, 3}}

// checkUnary compares an elementwise op with its golden values and checks its
// gradient at a*sin(k) + b.
func checkUnary(t *testing.T, name string, op unaryOp, a, b float64) {
	t.Helper()
	checkUnaryIn(t, "math", name, op, a, b)
}

// checkUnaryIn is checkUnary with the golden values in another file.
func checkUnaryIn(t *testing.T, file, name string, op unaryOp, a, b float64) {
	t.Helper()
	checkGolden(t, file, name, func(s *graph.Scope, c golden.Case, in map[string]*gorgonia.Node) *gorgonia.Node {
		return op(s, in["x"])
	}, "x")
	checkUnaryGradients(t, op, a, b)
	wantBuildError(t, func(s *graph.Scope) {
		op(s, graph.Placeholder(s, "x", tensor.Bool, 2))
	}, name, "bool[2]", "float32")
}

// checkFlat compares an elementwise op that has no gradient with its golden
// values.
func checkFlat(t *testing.T, file, name string, op unaryOp) {
	t.Helper()
	checkGolden(t, file, name, func(s *graph.Scope, c golden.Case, in map[string]*gorgonia.Node) *gorgonia.Node {
		return op(s, in["x"])
	}, "x")
	g := graph.New(graph.Config{})
	x := graph.Placeholder(g.Scope(), "x", tensor.Float32, 3)
	if dx := graph.Gradients(g.Scope(), gorgonia.Nodes{op(g.Scope(), x)}, gorgonia.Nodes{x}, nil); dx[0] != nil || g.Err() != nil {
		t.Errorf("got the gradient %v and error %v; want nil and none", dx[0], g.Err())
	}
	wantBuildError(t, func(s *graph.Scope) {
		op(s, graph.Placeholder(s, "x", tensor.Int, 2))
	}, name, "int[2]", "float32")
}

func checkUnaryGradients(t *testing.T, op unaryOp, a, b float64) {
	t.Helper()
	for _, shape := range unaryShapes {
		checkGradients(t, single(op), wave(a, b, shape...))
	}
}

// Every elementwise op on more elements than one goroutine takes.
func TestUnaryOnManyElements(t *testing.T) {
	const n = 50000
	x := wave(2, 0, n)
	for name, op := range map[string]unaryOp{"Neg": ops.Neg, "Abs": ops.Abs, "Square": ops.Square, "Sign": ops.Sign} {
		got := floats(eval(t, tensor.Float64, single(op), x))
		for i, v := range x.data {
			want := map[string]float64{"Neg": -v, "Abs": max(v, -v), "Square": v * v, "Sign": sign(v)}[name]
			if got[i] != want {
				t.Fatalf("%s(%v) is %v at %d; want %v", name, v, got[i], i, want)
			}
		}
	}
}

func sign(v float64) float64 {
	switch {
	case v > 0:
		return 1
	case v < 0:
		return -1
	}
	return v
}
