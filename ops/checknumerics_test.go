package ops_test

import (
	"math"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/ops"
)

func TestCheckNumerics(t *testing.T) {
	checked := func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.CheckNumerics(s, x, "logits") }
	nan, inf := math.NaN(), math.Inf(1)
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		wantValues(t, eval(t, dt, single(checked), at([]int{3}, 0, -2, 3)), []int{3}, 0, -2, 3)
		wantValues(t, eval(t, dt, single(checked), at([]int{0, 3})), []int{0, 3})
		for _, v := range []float64{nan, inf, -inf} {
			g := graph.New(graph.Config{Dtype: dt})
			feeds := graph.Feeds{}
			x := input(g.Scope(), feeds, "x", dt, at([]int{2, 2}, 1, 2, v, nan), true)
			words := []string{"net/CheckNumerics", "logits", "1 NaN and 1 infinite among 4 elements", "first at [1 0]"}
			if v != v {
				words[2] = "2 NaN and 0 infinite"
			}
			wantRunError(t, g, feeds, checked(g.Scope().NameScope("net"), x), words...)
		}
	}
	largest := at([]int{2}, math.MaxFloat64, -math.MaxFloat64)
	wantValues(t, eval(t, tensor.Float64, single(checked), largest), []int{2}, largest.data...)
	g := graph.New(graph.Config{})
	wantRunError(t, g, nil, ops.CheckNumerics(g.Scope(), graph.Const(g.Scope(), nan), ""), "1 NaN and 0 infinite among 1 elements")
	wantBuildError(t, func(s *graph.Scope) { checked(s, graph.Const(s, 1)) }, "CheckNumerics", "int[]")
}

// The gradient passes, and is checked too.
func TestCheckNumericsGradient(t *testing.T) {
	checkGradients(t, single(func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
		return ops.Square(s, ops.CheckNumerics(s, x, "x"))
	}), wave(1, 0, 3, 2))
	g := graph.New(graph.Config{})
	s := g.Scope()
	x := graph.Placeholder(s, "x", tensor.Float32)
	y := ops.Sqrt(s, ops.CheckNumerics(s, x, "under the root"))
	dx := graph.Gradients(s, gorgonia.Nodes{y}, gorgonia.Nodes{x}, nil)[0]
	wantRunError(t, g, graph.Feeds{x: 0}, dx, "under the root (its gradient)", "1 infinite")
}

// It fails before a variable is written.
func TestCheckNumericsBeforeWrites(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	v := graph.Variable(s, "v", nil, graph.VariableConfig{Initializer: initializers.Zeros()})
	x := graph.Placeholder(s, "x", tensor.Float32)
	write := graph.AssignAdd(s, v, graph.Const(s, 1.0))
	y := ops.CheckNumerics(s, x, "")
	sess := sessionOn(t, g)
	if _, err := sess.Run(graph.Feeds{x: math.Inf(1)}, write, y); err == nil {
		t.Fatal("no error")
	}
	got, err := sess.Value(v)
	if err != nil {
		t.Fatal(err)
	}
	wantValues(t, got.(*tensor.Dense), nil, 0)
}
