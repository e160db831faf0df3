package pairs_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/transfer"
	"github.com/plexaura/plexaura/transfer/pairs"
)

func tower(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	h := ops.Dense(s.Sub("hidden1"), x, 4, ops.DenseConfig{Activation: ops.Tanh})
	return ops.Dense(s.Sub("hidden2"), h, 3, ops.DenseConfig{})
}

// members are values [2, 3, 5] of a dtype.
func members(dtype tensor.Dtype) *tensor.Dense {
	x := make([]float64, 30)
	for i := range x {
		x[i] = math.Sin(float64(i))
	}
	if dtype == tensor.Float64 {
		return tensor.New(tensor.WithShape(2, 3, 5), tensor.WithBacking(x))
	}
	y := make([]float32, len(x))
	for i, v := range x {
		y[i] = float32(v)
	}
	return tensor.New(tensor.WithShape(2, 3, 5), tensor.WithBacking(y))
}

func session(t *testing.T, g *graph.Graph) *graph.Session {
	t.Helper()
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { sess.Close() })
	if err := sess.Init(); err != nil {
		t.Fatal(err)
	}
	return sess
}

func names(g *graph.Graph, nodes gorgonia.Nodes) (all []string) {
	for _, n := range nodes {
		all = append(all, g.NameOf(n))
	}
	return all
}

// Shared towers have one set of variables, and give each member what the tower alone gives it; so does Each, for all at once.
func TestSiameseShared(t *testing.T) {
	for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		g := graph.New(graph.Config{Dtype: dtype, Seed: 1})
		s := g.Scope()
		x := graph.Placeholder(s, "X", dtype, -1, 3, 5)
		parts := pairs.Siamese(s, x, tower, pairs.SiameseConfig{})
		if want := []string{"hidden1/kernel", "hidden1/bias", "hidden2/kernel", "hidden2/bias"}; !slices.Equal(names(g, g.Trainable()), want) {
			t.Fatalf("the variables are %v; want %v", names(g, g.Trainable()), want)
		}
		each := pairs.Each(s.Reuse(), x, tower)
		if sp := graph.SpecOf(each); !sp.Shape.Eq(tensor.Shape{-1, 3, 3}) {
			t.Errorf("Each gives %v", sp)
		}
		sess := session(t, g)
		out, err := sess.Run(graph.Feeds{x: members(dtype)}, append(parts, each)...)
		if err != nil {
			t.Fatal(err)
		}
		all := out.Tensor(3)
		for k := range parts {
			for i := range 2 {
				for j := range 3 {
					a, _ := out.Tensor(k).At(i, j)
					b, _ := all.At(i, k, j)
					if a != b {
						t.Errorf("%v: member %d of pair %d is %v by itself and %v among all", dtype, k, i, a, b)
					}
				}
			}
		}
		if !strings.HasPrefix(g.NameOf(parts[1]), "member2/hidden2/") {
			t.Errorf("the second member's output is called %s", g.NameOf(parts[1]))
		}
	}
}

// The gradient of shared weights is the sum over members: it agrees with finite differences.
func TestSiameseGradients(t *testing.T) {
	for _, separate := range []bool{false, true} {
		g := graph.New(graph.Config{Dtype: tensor.Float64, Seed: 1})
		s := g.Scope()
		x := graph.Placeholder(s, "X", tensor.Float64, -1, 3, 5)
		parts := pairs.Siamese(s, x, tower, pairs.SiameseConfig{Separate: separate})
		loss := ops.Mean(s, ops.TripletLoss(s, parts[0], parts[1], parts[2], 1))
		if err := graph.CheckGradients(g, graph.Feeds{x: members(tensor.Float64)}, loss, append(g.Trainable(), x), graph.CheckConfig{}); err != nil {
			t.Errorf("Separate %v: %v", separate, err)
		}
	}
}

// Separate towers have variables of their own, and are frozen by their names.
func TestSiameseSeparate(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	pairs.Siamese(s.Sub("net"), graph.Placeholder(s, "X", tensor.Float32, -1, 2, 5), tower, pairs.SiameseConfig{Separate: true})
	var want []string
	for _, k := range []int{1, 2} {
		for _, v := range []string{"hidden1/kernel", "hidden1/bias", "hidden2/kernel", "hidden2/bias"} {
			want = append(want, fmt.Sprintf("net/tower%d/%s", k, v))
		}
	}
	if got := names(g, g.Trainable()); !slices.Equal(got, want) {
		t.Errorf("the variables are %v; want %v", got, want)
	}
	transfer.Freeze(g, "net/tower1/.*")
	if got := names(g, g.Trainable()); !slices.Equal(got, want[4:]) {
		t.Errorf("with the first frozen the variables are %v; want %v", got, want[4:])
	}
}

func TestSiameseBadInput(t *testing.T) {
	float := func(shape ...int) func(s *graph.Scope) *gorgonia.Node {
		return func(s *graph.Scope) *gorgonia.Node { return graph.Placeholder(s, "X", tensor.Float32, shape...) }
	}
	none := func(*graph.Scope) *gorgonia.Node { return nil }
	gives := func(y func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node) pairs.Tower { return y }
	for _, c := range []struct {
		x     func(s *graph.Scope) *gorgonia.Node
		tower pairs.Tower
		each  bool // an error of Each only
		words string
	}{
		{none, tower, false, "x is nil"},
		{float(-1, 2, 5), nil, false, "the tower is nil"},
		{float(-1), tower, false, "[batch, members, ...]"},
		{float(-1, -1, 5), tower, false, "members known"},
		{float(-1, 2, -1), gives(func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return x }), true, "all sizes but the first"},
		{float(-1, 2, 5), gives(func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return nil }), false, "nil"},
		{float(-1, 2, 5), gives(func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.Sum(s, x) }), true, "what it makes of each"},
	} {
		g := graph.New(graph.Config{})
		if y := pairs.Each(g.Scope(), c.x(g.Scope()), c.tower); g.Err() == nil || !strings.Contains(g.Err().Error(), c.words) || !graph.IsBad(y) {
			t.Errorf("Each: %v; want an error that says %s", g.Err(), c.words)
		}
		if c.each {
			continue
		}
		g = graph.New(graph.Config{})
		out := pairs.Siamese(g.Scope(), c.x(g.Scope()), c.tower, pairs.SiameseConfig{})
		if g.Err() == nil || !strings.Contains(g.Err().Error(), c.words) || len(out) < 2 || !graph.IsBad(out[1]) {
			t.Errorf("Siamese: %v; want an error that says %s", g.Err(), c.words)
		}
	}
}
