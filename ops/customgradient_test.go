package ops_test

import (
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/ops"
)

// log1pExp is TensorFlow's own example: ln(1+exp(x)), whose own gradient is NaN
// where exp overflows.
func log1pExp(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return ops.CustomGradient(s,
		func(s *graph.Scope, xs gorgonia.Nodes) *gorgonia.Node {
			return ops.Log(s, ops.AddScalar(s, ops.Exp(s, xs[0]), 1))
		},
		func(s *graph.Scope, xs gorgonia.Nodes, y, dy *gorgonia.Node) gorgonia.Nodes {
			return gorgonia.Nodes{ops.Mul(s, dy, ops.Sigmoid(s, xs[0]))}
		}, x)
}

func TestCustomGradient(t *testing.T) {
	checkGradients(t, single(log1pExp), wave(2, 0.3, 3, 2))
	g := graph.New(graph.Config{})
	s := g.Scope()
	x := graph.Placeholder(s, "x", tensor.Float32, -1)
	dx := graph.Gradients(s, gorgonia.Nodes{log1pExp(s, x)}, gorgonia.Nodes{x}, nil)[0]
	wantValues(t, run(t, g, graph.Feeds{x: []float32{0, 100}}, dx).Tensor(0), []int{2}, 0.5, 1)
}

// The gradient is what the function says, not what forward is made of: for
// several inputs, one without, one that is an integer, and the output itself.
func TestCustomGradientOfSeveral(t *testing.T) {
	g := graph.New(graph.Config{Dtype: tensor.Float64})
	s := g.Scope()
	feeds := graph.Feeds{}
	a := input(s, feeds, "a", tensor.Float64, at([]int{2}, 3, 4), true)
	b := input(s, feeds, "b", tensor.Float64, at([]int{2}, 5, 6), true)
	k := input(s, feeds, "k", tensor.Int64, at([]int{2}, 1, 2), true)
	y := ops.CustomGradient(s,
		func(s *graph.Scope, xs gorgonia.Nodes) *gorgonia.Node { return ops.Mul(s, xs[0], xs[1]) },
		func(s *graph.Scope, xs gorgonia.Nodes, y, dy *gorgonia.Node) gorgonia.Nodes {
			return gorgonia.Nodes{ops.Mul(s, dy, y), nil, nil}
		}, a, b, k)
	grads := graph.Gradients(s, gorgonia.Nodes{y}, gorgonia.Nodes{a, b}, nil)
	if grads[1] != nil {
		t.Error("b has a gradient, which the function denies")
	}
	// The second order is the derivative of a*b by a's own rule: y again.
	second := graph.Gradients(s, gorgonia.Nodes{grads[0]}, gorgonia.Nodes{a}, nil)
	out := run(t, g, feeds, y, grads[0], second[0])
	wantValues(t, out.Tensor(0), []int{2}, 15, 24)
	wantValues(t, out.Tensor(1), []int{2}, 15, 24)
	wantValues(t, out.Tensor(2), []int{2}, 15, 24)
}

// What forward does not use is not computed for it.
func TestCustomGradientOfAnUnusedInput(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	x, unused := graph.Placeholder(s, "x", tensor.Float32), graph.Placeholder(s, "unused", tensor.Float32)
	y := ops.CustomGradient(s,
		func(s *graph.Scope, xs gorgonia.Nodes) *gorgonia.Node { return ops.Square(s, xs[0]) },
		func(s *graph.Scope, xs gorgonia.Nodes, y, dy *gorgonia.Node) gorgonia.Nodes {
			return gorgonia.Nodes{dy, dy}
		}, x, unused)
	wantValues(t, run(t, g, graph.Feeds{x: 3}, y).Tensor(0), nil, 9)
}

// forward may hand an input on, inside a branch too.
func TestCustomGradientInABranch(t *testing.T) {
	reversed := func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
		return ops.CustomGradient(s,
			func(s *graph.Scope, xs gorgonia.Nodes) *gorgonia.Node { return xs[0] },
			func(s *graph.Scope, xs gorgonia.Nodes, y, dy *gorgonia.Node) gorgonia.Nodes {
				return gorgonia.Nodes{ops.Neg(s, dy)}
			}, x)
	}
	g := graph.New(graph.Config{})
	s := g.Scope()
	x, pred := graph.Placeholder(s, "x", tensor.Float32, -1), graph.Placeholder(s, "pred", tensor.Bool)
	y := ops.Cond(s, pred,
		func(s *graph.Scope) *gorgonia.Node { return reversed(s, x) },
		func(s *graph.Scope) *gorgonia.Node { return x })
	dx := graph.Gradients(s, gorgonia.Nodes{ops.Square(s, y)}, gorgonia.Nodes{x}, nil)[0]
	for taken, want := range map[bool]float64{true: -6, false: 6} {
		out := run(t, g, graph.Feeds{x: []float32{3}, pred: taken}, y, dx)
		wantValues(t, out.Tensor(0), []int{1}, 3)
		wantValues(t, out.Tensor(1), []int{1}, want)
	}
}

func TestCustomGradientErrors(t *testing.T) {
	pass := func(s *graph.Scope, xs gorgonia.Nodes) *gorgonia.Node { return xs[0] }
	keep := func(s *graph.Scope, xs gorgonia.Nodes, y, dy *gorgonia.Node) gorgonia.Nodes {
		return gorgonia.Nodes{dy}
	}
	of := func(g func(s *graph.Scope, xs gorgonia.Nodes, y, dy *gorgonia.Node) gorgonia.Nodes) func(s *graph.Scope) {
		return func(s *graph.Scope) {
			x := graph.Placeholder(s, "x", tensor.Float32, 2)
			graph.Gradients(s, gorgonia.Nodes{ops.CustomGradient(s, pass, g, x)}, gorgonia.Nodes{x}, nil)
		}
	}
	wantBuildError(t, of(func(s *graph.Scope, xs gorgonia.Nodes, y, dy *gorgonia.Node) gorgonia.Nodes { return nil }),
		"CustomGradient", "returned 0 nodes for 1 inputs")
	wantBuildError(t, of(func(s *graph.Scope, xs gorgonia.Nodes, y, dy *gorgonia.Node) gorgonia.Nodes {
		return gorgonia.Nodes{ops.Sum(s, dy)}
	}), "Gradients", "CustomGradient", "float32[]", "float32[2]")
	wantBuildError(t, func(s *graph.Scope) { ops.CustomGradient(s, nil, keep, graph.Const(s, 1.0)) }, "CustomGradient", "function is nil")
	wantBuildError(t, func(s *graph.Scope) { ops.CustomGradient(s, pass, keep, nil) }, "CustomGradient", "input 0 is nil")
	wantBuildError(t, func(s *graph.Scope) {
		ops.CustomGradient(s, func(*graph.Scope, gorgonia.Nodes) *gorgonia.Node { return nil }, keep, graph.Const(s, 1.0))
	}, "CustomGradient", "forward returned nil")

	// A variable that gradients would miss; not so one that is stopped or given.
	scaled := func(take func(s *graph.Scope, v *gorgonia.Node) *gorgonia.Node, given bool) func(s *graph.Scope) {
		return func(s *graph.Scope) {
			v := graph.Variable(s, "v", nil, graph.VariableConfig{Initializer: initializers.Zeros()})
			xs := gorgonia.Nodes{graph.Const(s, 1.0)}
			if given {
				xs = append(xs, v)
			}
			ops.CustomGradient(s, func(s *graph.Scope, xs gorgonia.Nodes) *gorgonia.Node { return ops.Mul(s, xs[0], take(s, v)) }, keep, xs...)
		}
	}
	wantBuildError(t, scaled(ops.Square, false), "CustomGradient", "net/v", "StopGradient")
	for _, build := range []func(s *graph.Scope){scaled(graph.StopGradient, false), scaled(ops.Square, true)} {
		g := graph.New(graph.Config{})
		build(g.Scope())
		if g.Err() != nil {
			t.Error(g.Err())
		}
	}
}
