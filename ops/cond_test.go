package ops_test

import (
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/ops"
)

// branches is a Cond of x*v and x+w, whose predicate is fed or computed.
type branches struct {
	g          *graph.Graph
	x, v, w, y *gorgonia.Node
	pred       *gorgonia.Node // fed
	feeds      graph.Feeds
	take       func(then bool)
}

func newBranches(computed bool) *branches {
	g := graph.New(graph.Config{Dtype: tensor.Float64})
	s := g.Scope()
	b := &branches{g: g, feeds: graph.Feeds{}}
	b.x = input(s, b.feeds, "x", tensor.Float64, wave(1, 0, 3), true)
	b.v = graph.Variable(s, "v", tensor.Shape{3}, graph.VariableConfig{Initializer: initializers.Constant([]float64{2, 3, 4})})
	b.w = graph.Variable(s, "w", tensor.Shape{3}, graph.VariableConfig{Initializer: initializers.Constant([]float64{5, 6, 7})})
	var pred *gorgonia.Node
	if computed { // from data, so that the plan cannot know it
		number := graph.Placeholder(s, "number", tensor.Float64, 1)
		pred = ops.Less(s, ops.Sum(s, number), graph.Const(s, 0.0))
		b.take = func(then bool) {
			b.feeds[number] = []float64{1}
			if then {
				b.feeds[number] = []float64{-1}
			}
		}
	} else {
		pred = graph.Placeholder(s, "pred", tensor.Bool)
		b.take = func(then bool) { b.feeds[pred] = then }
	}
	b.pred = pred
	b.y = ops.Cond(s, pred,
		func(s *graph.Scope) *gorgonia.Node { return ops.Mul(s, b.x, b.v) },
		func(s *graph.Scope) *gorgonia.Node { return ops.Add(s, b.x, b.w) })
	return b
}

func TestCond(t *testing.T) {
	for _, computed := range []bool{false, true} {
		b := newBranches(computed)
		x := wave(1, 0, 3).data
		for _, then := range []bool{true, false} {
			b.take(then)
			want := []float64{x[0] + 5, x[1] + 6, x[2] + 7}
			if then {
				want = []float64{x[0] * 2, x[1] * 3, x[2] * 4}
			}
			wantValues(t, run(t, b.g, b.feeds, b.y).Tensor(0), []int{3}, want...)
			if err := graph.CheckGradients(b.g, b.feeds, b.y, gorgonia.Nodes{b.x, b.v, b.w}, graph.CheckConfig{}); err != nil {
				t.Errorf("computed %v, then %v: %v", computed, then, err)
			}
		}
	}
}

// A variable of the branch that is not taken has gradient zero, not nothing.
func TestCondGradientOfTheOtherBranch(t *testing.T) {
	for _, computed := range []bool{false, true} {
		b := newBranches(computed)
		b.take(true)
		grads := graph.Gradients(b.g.Scope(), gorgonia.Nodes{b.y}, gorgonia.Nodes{b.w, b.v}, nil)
		out := run(t, b.g, b.feeds, grads...)
		wantValues(t, out.Tensor(0), []int{3}, 0, 0, 0)
		wantValues(t, out.Tensor(1), []int{3}, wave(1, 0, 3).data...)
	}
}

// Only the branch that is taken runs: its effects, its draws, its placeholders.
func TestCondRunsOneBranch(t *testing.T) {
	for _, computed := range []bool{false, true} {
		g := graph.New(graph.Config{})
		s := g.Scope()
		count := graph.Variable(s, "count", nil, graph.VariableConfig{Initializer: initializers.Zeros(), NotTrainable: true})
		number := graph.Placeholder(s, "number", tensor.Float32, 1)
		pred := graph.PlaceholderWithDefault(s, "pred", false)
		if computed {
			pred = ops.Less(s, ops.Sum(s, number), graph.Const(s, 0.0))
		}
		y := ops.Cond(s, pred,
			func(s *graph.Scope) *gorgonia.Node {
				return graph.AssignAdd(s, count, ops.Add(s, graph.Const(s, 1.0), ops.Sum(s, ops.Abs(s, ops.RandomUniform(s, 0, 1, ops.RandomConfig{}, 1)))))
			},
			func(s *graph.Scope) *gorgonia.Node { return graph.Read(s, count) })
		sess := sessionOn(t, g)
		step := func(then bool) float64 {
			t.Helper()
			feeds := graph.Feeds{number: []float32{1}}
			if then {
				feeds[number] = []float32{-1}
			}
			if !computed {
				feeds = graph.Feeds{pred: then}
			}
			out, err := sess.Run(feeds, y)
			if err != nil {
				t.Fatal(err)
			}
			return out.Float(0)
		}
		if v := step(false); v != 0 {
			t.Errorf("computed %v: the branch that was not taken ran: count is %v", computed, v)
		}
		a := step(true)
		if a < 1 || a >= 2 {
			t.Errorf("computed %v: count is %v after one addition", computed, a)
		}
		if v := step(false); v != a {
			t.Errorf("computed %v: count went from %v to %v without being taken", computed, a, v)
		}
	}
}

func TestCondNested(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	p, q := graph.Placeholder(s, "p", tensor.Bool), graph.Placeholder(s, "q", tensor.Bool)
	number := func(v float64) func(s *graph.Scope) *gorgonia.Node {
		return func(s *graph.Scope) *gorgonia.Node { return graph.Const(s, v) }
	}
	y := ops.Cond(s, p,
		func(s *graph.Scope) *gorgonia.Node { return ops.Cond(s, q, number(1), number(2)) },
		func(s *graph.Scope) *gorgonia.Node { return ops.Cond(s, q, number(3), number(4)) })
	for i, c := range [][2]bool{{true, true}, {true, false}, {false, true}, {false, false}} {
		if v := run(t, g, graph.Feeds{p: c[0], q: c[1]}, y).Float(0); v != float64(i+1) {
			t.Errorf("p, q = %v gives %v; want %d", c, v, i+1)
		}
	}
}

// The guard of a branch is inherited: by scopes beneath it, by effects in them
// and by the gradients of what stands in it, whichever scope they are asked for.
func TestCondGuardsAreInherited(t *testing.T) {
	for _, computed := range []bool{false, true} {
		g := graph.New(graph.Config{})
		s := g.Scope()
		x := graph.Placeholder(s, "x", tensor.Float32, 1)
		sign := graph.Placeholder(s, "sign", tensor.Float32, 1)
		count := graph.Variable(s, "count", nil, graph.VariableConfig{Initializer: initializers.Zeros()})
		pred := graph.Placeholder(s, "pred", tensor.Bool)
		if computed {
			pred = ops.Greater(s, ops.Sum(s, sign), graph.Const(s, 0.0))
		}
		y := ops.Cond(s, pred,
			func(s *graph.Scope) *gorgonia.Node {
				inner := s.Sub("layer").NameScope("more")
				inner = inner.After(graph.AssignAdd(inner, count, graph.Const(inner, 1.0)))
				return ops.Sqrt(inner, ops.CheckNumerics(inner, x, "root"))
			},
			func(s *graph.Scope) *gorgonia.Node { return ops.Square(s, x) })
		dx := graph.Gradients(s.NameScope("grads"), gorgonia.Nodes{y}, gorgonia.Nodes{x}, nil)[0]
		sess := sessionOn(t, g)
		step := func(taken bool) error {
			feeds := graph.Feeds{x: []float32{0}}
			switch {
			case !computed:
				feeds[pred] = taken
			case taken:
				feeds[sign] = []float32{1}
			default:
				feeds[sign] = []float32{-1}
			}
			_, err := sess.Run(feeds, y, dx)
			return err
		}
		// At 0 the gradient of the root is infinite, and its check fails: it must
		// not run where the other branch is taken.
		if err := step(false); err != nil {
			t.Errorf("computed %v: the branch that is not taken ran: %v", computed, err)
		}
		if err := step(true); err == nil || !strings.Contains(err.Error(), "root (its gradient)") {
			t.Errorf("computed %v: the gradient of the branch that is taken did not run: %v", computed, err)
		}
		out, err := sess.Run(nil, count)
		if err != nil {
			t.Fatal(err)
		}
		if out.Float(0) != 0 { // the check came before the write
			t.Errorf("computed %v: count is %v", computed, out.Float(0))
		}
	}
}

// A branch without a value makes the Cond an effect.
func TestCondOfEffects(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	v := graph.Variable(s, "v", nil, graph.VariableConfig{Initializer: initializers.Zeros()})
	pred := graph.Placeholder(s, "pred", tensor.Bool)
	add := func(x float64) func(s *graph.Scope) *gorgonia.Node {
		return func(s *graph.Scope) *gorgonia.Node {
			return graph.Group(s, graph.AssignAdd(s, v, graph.Const(s, x)))
		}
	}
	y := ops.Cond(s, pred, add(1), add(10))
	sess := sessionOn(t, g)
	for _, p := range []bool{true, false, false} {
		out, err := sess.Run(graph.Feeds{pred: p}, y)
		if err != nil {
			t.Fatal(err)
		}
		if out[0] != nil {
			t.Errorf("the effect has the value %v", out[0])
		}
	}
	got, err := sess.Value(v)
	if err != nil {
		t.Fatal(err)
	}
	wantValues(t, got.(*tensor.Dense), nil, 21)
}

func TestCondErrors(t *testing.T) {
	one := func(s *graph.Scope) *gorgonia.Node { return graph.Const(s, 1.0) }
	cases := []struct {
		name  string
		build func(s *graph.Scope) *gorgonia.Node
		words []string
	}{
		{"predicate", func(s *graph.Scope) *gorgonia.Node { return ops.Cond(s, graph.Const(s, 1.0), one, one) }, []string{"float32[]", "scalar bool"}},
		{"no predicate", func(s *graph.Scope) *gorgonia.Node { return ops.Cond(s, nil, one, one) }, []string{"the predicate is nil"}},
		{"no branch", func(s *graph.Scope) *gorgonia.Node { return ops.Cond(s, graph.Const(s, true), one, nil) }, []string{"a branch is nil"}},
		{"nothing returned", func(s *graph.Scope) *gorgonia.Node {
			return ops.Cond(s, graph.Const(s, true), one, func(*graph.Scope) *gorgonia.Node { return nil })
		}, []string{"returned nil"}},
		{"ranks", func(s *graph.Scope) *gorgonia.Node {
			return ops.Cond(s, graph.Const(s, true), one, func(s *graph.Scope) *gorgonia.Node { return graph.Const(s, []float64{1, 2}) })
		}, []string{"float32[]", "float32[2]"}},
		{"dtypes", func(s *graph.Scope) *gorgonia.Node {
			return ops.Cond(s, graph.Const(s, true), one, func(s *graph.Scope) *gorgonia.Node { return graph.Const(s, 3) })
		}, []string{"float32[]", "int[]"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) { wantLayerError(t, c.build, c.words...) })
	}
}

// wantLayerError checks that building under net/layer fails with an error at
// that scope, and gives a bad node.
func wantLayerError(t *testing.T, build func(s *graph.Scope) *gorgonia.Node, words ...string) {
	t.Helper()
	g := graph.New(graph.Config{})
	n := build(g.Scope().Sub("net").Sub("layer"))
	if g.Err() == nil {
		t.Fatal("no error")
	}
	if !graph.IsBad(n) {
		t.Error("the result is a usable node")
	}
	holds(t, g.Err().Error(), append(words, "net/layer"))
}
