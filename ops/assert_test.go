package ops_test

import (
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/ops"
)

// A failed assertion gives message and values, and nothing has been written.
func TestAssert(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	v := graph.Variable(s, "v", nil, graph.VariableConfig{Initializer: initializers.Constant(5)})
	x := graph.Placeholder(s, "x", tensor.Float32, -1)
	ok := ops.Assert(s, ops.Less(s, x, graph.Const(s, 10.0)), "x is too large", x, v)
	free := graph.AssignAdd(s, v, graph.Const(s, 100.0)) // made before, and not ordered after
	step := graph.AssignAdd(s.After(ok), v, graph.Const(s, 1.0))
	sess := sessionOn(t, g)
	out, err := sess.Run(graph.Feeds{x: []float32{1, 2}}, step, ok)
	if err != nil {
		t.Fatal(err)
	}
	if out.Float(0) != 6 || out[1] != nil {
		t.Errorf("got %v; want 6 and an effect without a value", out)
	}
	_, err = sess.Run(graph.Feeds{x: []float32{1, 12, 3, 4, 5, 6, 7, 8, 9}}, step, free)
	if err == nil {
		t.Fatal("no error")
	}
	holds(t, err.Error(), []string{"Assert", "assertion failed: x is too large (at [1])", "x float32[9] = [1 12 3 4 5 6 7 8 ...]", "v float32[] = 6"})
	got, err := sess.Value(v)
	if err != nil {
		t.Fatal(err)
	}
	wantValues(t, got.(*tensor.Dense), nil, 6)
}

// Empty conditions hold; constants are asserted as well; no message and no data
// are fine.
func TestAssertEdges(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	run(t, g, nil, ops.Assert(s, graph.Const(s, []bool{}), ""), ops.Assert(s, graph.Const(s, [][]bool{{true}, {true}}), ""))
	wantRunError(t, g, nil, ops.Assert(s.NameScope("net"), graph.Const(s, false), ""), "net/Assert", "assertion failed")
	wantRunError(t, g, nil, ops.Assert(s, graph.Const(s, [][]bool{{true, true}, {true, false}}), "m"), "failed: m (at [1 1])")
	// What is built after it fails with it, a constant too.
	wantRunError(t, g, nil, graph.Identity(s.After(ops.Assert(s, graph.Const(s, false), "")), graph.Const(s, 1.0)), "assertion failed")
}

// In a branch it asserts where the branch is taken only.
func TestAssertInABranch(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	x := graph.Placeholder(s, "x", tensor.Float32, 1)
	check := ops.Cond(s, ops.Less(s, ops.Sum(s, x), graph.Const(s, 0.0)),
		func(s *graph.Scope) *gorgonia.Node { return ops.Assert(s, graph.Const(s, false), "x is negative", x) },
		func(s *graph.Scope) *gorgonia.Node { return graph.Group(s) })
	y := ops.Square(s.After(check), x)
	wantValues(t, run(t, g, graph.Feeds{x: []float32{3}}, y).Tensor(0), []int{1}, 9)
	wantRunError(t, g, graph.Feeds{x: []float32{-3}}, y, "x is negative", "x float32[1] = [-3]")
}

func TestAssertErrors(t *testing.T) {
	wantBuildError(t, func(s *graph.Scope) { ops.Assert(s, graph.Const(s, 1.0), "m") }, "Assert", "float32[]", "want bool")
	wantBuildError(t, func(s *graph.Scope) { ops.Assert(s, nil, "m") }, "Assert", "nil")
	wantBuildError(t, func(s *graph.Scope) { ops.Assert(s, graph.Const(s, true), "m", nil) }, "Assert", "input 1 is nil")
}
