package ops_test

import (
	"fmt"
	"math"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
)

func scatterOn(axis int) func(s *graph.Scope, xs gorgonia.Nodes, indices *gorgonia.Node) *gorgonia.Node {
	return func(s *graph.Scope, xs gorgonia.Nodes, indices *gorgonia.Node) *gorgonia.Node {
		return ops.ScatterAdd(s, xs[0], indices, xs[1], axis)
	}
}

func TestScatterAdd(t *testing.T) {
	base := at([]int{3, 2}, 1, 2, 3, 4, 5, 6)
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64, tensor.Int, tensor.Int32, tensor.Int64, tensor.Uint8} {
		add := func(axis int, indices, updates values) *tensor.Dense {
			return eval(t, dt, indexing(tensor.Int64, indices, scatterOn(axis)), base, updates)
		}
		wantValues(t, add(0, at([]int{2}, 2, 0), at([]int{2, 2}, 10, 20, 30, 40)), []int{3, 2}, 31, 42, 3, 4, 15, 26)
		wantValues(t, add(0, at([]int{3}, 1, 1, 1), at([]int{3, 2}, 1, 2, 3, 4, 5, 6)), []int{3, 2}, 1, 2, 12, 16, 5, 6)
		wantValues(t, add(-1, at([]int{1}, 1), at([]int{3, 1}, 1, 2, 3)), []int{3, 2}, 1, 3, 3, 6, 5, 9)
		wantValues(t, add(0, at(nil, 1), at([]int{2}, 7, 8)), []int{3, 2}, 1, 2, 10, 12, 5, 6)
		wantValues(t, add(0, at([]int{0}), at([]int{0, 2})), []int{3, 2}, base.data...)
	}
	got := eval(t, tensor.Uint8, indexing(tensor.Int, at([]int{1}, 0), scatterOn(0)), at([]int{1}, 250), at([]int{1}, 10))
	wantValues(t, got, []int{1}, 4) // wraps around
	got = eval(t, tensor.Float32, indexing(tensor.Int, at([]int{2}, 0, 0), scatterOn(0)), at([]int{2}, 1, math.NaN()), at([]int{2}, math.Inf(1), 1))
	wantValues(t, got, []int{2}, math.Inf(1), math.NaN())
	// One node as base and as updates: it must not be overwritten while it is read.
	x := at([]int{3}, 1, 2, 3)
	got = eval(t, tensor.Float32, indexing(tensor.Int, at([]int{3}, 2, 0, 0), func(s *graph.Scope, xs gorgonia.Nodes, indices *gorgonia.Node) *gorgonia.Node {
		h := ops.Neg(s, xs[0])
		return ops.ScatterAdd(s, h, indices, h, 0)
	}), x)
	wantValues(t, got, []int{3}, -6, -2, -4)
}

func TestScatterAddGradients(t *testing.T) {
	for _, c := range []struct {
		base, updates []int
		indices       values
		axis          int
	}{
		{[]int{4, 3}, []int{3, 3}, at([]int{3}, 1, 3, 1), 0},
		{[]int{2, 4}, []int{2, 2, 2}, at([]int{2, 2}, 1, 3, 1, 0), 1},
		{[]int{3}, []int{}, at(nil, 1), 0},
	} {
		t.Run(fmt.Sprint(c), func(t *testing.T) {
			checkGradients(t, indexing(tensor.Int, c.indices, func(s *graph.Scope, xs gorgonia.Nodes, indices *gorgonia.Node) *gorgonia.Node {
				return ops.Square(s, ops.ScatterAdd(s, xs[0], indices, xs[1], c.axis))
			}), wave(1, 0.3, c.base...), wave(0.7, 0.1, c.updates...))
		})
	}
}

func TestScatterGolden(t *testing.T) {
	checkGolden(t, "shapes", "ScatterAdd", func(s *graph.Scope, c golden.Case, in map[string]*gorgonia.Node) *gorgonia.Node {
		return ops.ScatterAdd(s, in["base"], goldenIndices(s, c), in["updates"], c.Axes[0])
	}, "base", "updates")
}

func TestScatterAddErrors(t *testing.T) {
	for _, c := range []struct {
		updates []int
		dtype   tensor.Dtype
		words   []string
	}{
		{[]int{4, 3}, tensor.Float32, []string{"float32[4, 3]", "want shape [4 2]", "float32[3, 2]"}},
		{[]int{4, 2}, tensor.Float64, []string{"float64[4, 2]", "want one dtype"}},
	} {
		wantBuildError(t, func(s *graph.Scope) {
			base := graph.Placeholder(s, "x", tensor.Float32, 3, 2)
			ops.ScatterAdd(s, base, graph.Placeholder(s, "i", tensor.Int, 4), graph.Placeholder(s, "u", c.dtype, c.updates...), 0)
		}, "ScatterAdd", c.words...)
	}
	wantBuildError(t, func(s *graph.Scope) {
		b := graph.Placeholder(s, "b", tensor.Bool, 3)
		ops.ScatterAdd(s, b, graph.Placeholder(s, "i", tensor.Int, 3), b, 0)
	}, "ScatterAdd", "bool[3]", "want float32")
}

// The gradient of an embedding: many rows for few places, bit for bit the sum
// in their order.
func TestScatterAddIsDeterministic(t *testing.T) {
	const n, vocabulary, width = 3000, 7, 40
	indices := values{[]int{n}, make([]float64, n)}
	for i := range indices.data {
		indices.data[i] = float64(i * i % vocabulary)
	}
	updates := wave(1, 0.1, n, width)
	want := make([]float32, vocabulary*width)
	for i, at := range indices.data {
		for c := 0; c < width; c++ {
			want[int(at)*width+c] += float32(updates.data[i*width+c])
		}
	}
	got := eval(t, tensor.Float32, indexing(tensor.Int32, indices, scatterOn(0)), values{[]int{vocabulary, width}, make([]float64, vocabulary*width)}, updates)
	for i, v := range got.Data().([]float32) {
		if math.Float32bits(v) != math.Float32bits(want[i]) {
			t.Fatalf("element %d is %v; want %v", i, v, want[i])
		}
	}
}

func TestAssignScatterAdd(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	v := graph.Variable(s, "v", tensor.Shape{3, 2}, graph.VariableConfig{Initializer: initializers.Zeros()})
	feeds := graph.Feeds{}
	i := input(s, feeds, "i", tensor.Int64, at([]int{3}, 2, 0, 2), true)
	u := input(s, feeds, "u", tensor.Float32, at([]int{3, 2}, 1, 2, 3, 4, 5, 6), true)
	y := ops.AssignScatterAdd(s, v, i, u)
	again := ops.AssignScatterAdd(s, v, i, u)
	sess := sessionOn(t, g)
	out, err := sess.Run(feeds, y)
	if err != nil {
		t.Fatal(err)
	}
	wantValues(t, out.Tensor(0), []int{3, 2}, 3, 4, 0, 0, 6, 8)
	if _, err := sess.Run(feeds, y, again); err != nil {
		t.Fatal(err)
	}
	feeds[i] = at([]int{3}, 2, 0, 3).feed(tensor.Int64)
	if _, err := sess.Run(feeds, y); err == nil {
		t.Error("an index out of range is no error")
	} else {
		holds(t, err.Error(), []string{"AssignScatterAdd", "index 3 at position [2]", "0 to 2"})
	}
	value, err := sess.Value(v)
	if err != nil {
		t.Fatal(err)
	}
	wantValues(t, value.(*tensor.Dense), []int{3, 2}, 9, 12, 0, 0, 18, 24)
}
