package ops_test

import (
	"fmt"
	"sort"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

// All rows are there once, whole, in another order; any dtype and size.
func TestRandomShuffle(t *testing.T) {
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64, tensor.Int, tensor.Int32, tensor.Int64, tensor.Uint8} {
		for _, n := range []int{0, 1, 2, 100} {
			x := values{shape: []int{n, 2}}
			for i := range n {
				x.data = append(x.data, float64(i), float64(i+100))
			}
			g := graph.New(graph.Config{Seed: 3})
			feeds := graph.Feeds{}
			out := run(t, g, feeds, ops.RandomShuffle(g.Scope(), input(g.Scope(), feeds, "x", dt, x, true), ops.RandomConfig{})).Tensor(0)
			wantValues(t, out, []int{n, 2})
			y := floats(out)
			if n == 100 && fmt.Sprint(y) == fmt.Sprint(x.data) {
				t.Errorf("%v: nothing moved", dt)
			}
			var first []float64
			for i := 0; i < len(y); i += 2 {
				if y[i+1] != y[i]+100 {
					t.Fatalf("%v: row %d is %v: no row of x", dt, i/2, y[i:i+2])
				}
				first = append(first, y[i])
			}
			sort.Float64s(first)
			for i, v := range first {
				if v != float64(i) {
					t.Fatalf("%v: the rows are %v", dt, first)
				}
			}
		}
	}
}

// Each of the orders of four rows is as frequent as any other.
func TestRandomShuffleIsUniform(t *testing.T) {
	g := graph.New(graph.Config{Seed: 8})
	s := g.Scope()
	y := ops.RandomShuffle(s, graph.Const(s, []float64{0, 1, 2, 3}), ops.RandomConfig{})
	sess := sessionOn(t, g)
	orders := map[string]int{}
	for range 4800 {
		out, err := sess.Run(nil, y)
		if err != nil {
			t.Fatal(err)
		}
		orders[fmt.Sprint(out.Float32s(0))]++
	}
	var counts []int
	var p []float64
	for _, c := range orders {
		counts, p = append(counts, c), append(p, 1.0/24)
	}
	if len(counts) != 24 {
		t.Errorf("%d orders came; want 24", len(counts))
	}
	frequent(t, counts, p)
}

// Examples and labels stay together under one seed.
func TestRandomShuffleOfPairs(t *testing.T) {
	seed := int64(1)
	g := graph.New(graph.Config{})
	s := g.Scope()
	x, labels := graph.Const(s, wave(1, 0, 50).data), make([]int64, 50)
	for i := range labels {
		labels[i] = int64(i)
	}
	out := run(t, g, nil, ops.RandomShuffle(s, x, ops.RandomConfig{Seed: &seed}), ops.RandomShuffle(s, graph.Const(s, labels), ops.RandomConfig{Seed: &seed}), x)
	for i, k := range out.Int64s(1) {
		if out.Float32s(0)[i] != out.Float32s(2)[k] {
			t.Fatalf("row %d belongs to label %d no more", i, k)
		}
	}
}

func TestRandomShuffleGradient(t *testing.T) {
	build := single(func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
		return ops.Square(s, ops.RandomShuffle(s, x, ops.RandomConfig{}))
	})
	checkGradients(t, build, wave(1, 0.1, 5, 2))
	checkGradients(t, build, wave(1, 0.1, 7))
	// The same order in both directions: of y = shuffle(x), dx with dy = y is x.
	g := graph.New(graph.Config{})
	s := g.Scope()
	x := graph.Const(s, wave(1, 0, 20).data)
	y := ops.RandomShuffle(s, x, ops.RandomConfig{})
	dx := graph.Gradients(s, gorgonia.Nodes{y}, gorgonia.Nodes{x}, gorgonia.Nodes{y})[0]
	out := run(t, g, nil, x, dx)
	wantValues(t, out.Tensor(1), []int{20}, floats(out.Tensor(0))...)
}

func TestRandomShuffleErrors(t *testing.T) {
	wantBuildError(t, func(s *graph.Scope) { ops.RandomShuffle(s, graph.Const(s, 1.0), ops.RandomConfig{}) }, "RandomShuffle", "scalar", "[n, ...]")
	wantBuildError(t, func(s *graph.Scope) { ops.RandomShuffle(s, nil, ops.RandomConfig{}) }, "RandomShuffle", "nil")
}
