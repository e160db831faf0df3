package ops_test

import (
	"fmt"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
)

// goldenSplit runs the golden cases of an op one by one, each with its own
// number of operands.
func goldenSplit(t *testing.T, op string, build func(s *graph.Scope, c golden.Case, xs gorgonia.Nodes) *gorgonia.Node) {
	t.Helper()
	for _, c := range golden.Cases(t, "shapes", op) {
		o := goldenOp{out: "y", seed: "dy", grads: map[string]string{}, labels: "indices"}
		var names []string
		for _, name := range []string{"x", "a", "b", "c"} {
			if _, ok := c.Inputs[name]; ok {
				names = append(names, name)
				o.grads[name] = "d" + name
			}
		}
		o.build = func(s *graph.Scope, in named, c golden.Case) *gorgonia.Node {
			var xs gorgonia.Nodes
			for _, name := range names {
				xs = append(xs, in[name])
			}
			return build(s, c, xs)
		}
		for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
			t.Run(fmt.Sprintf("%s/%v", c.Name, dtype), func(t *testing.T) { o.checkCase(t, c, dtype) })
		}
	}
}

func TestEinsumGolden(t *testing.T) {
	goldenSplit(t, "Einsum", func(s *graph.Scope, c golden.Case, xs gorgonia.Nodes) *gorgonia.Node {
		return ops.Einsum(s, strings.TrimSuffix(strings.TrimPrefix(c.Name, "Einsum/"), "/2"), xs...)
	})
}

func TestEinsumGradients(t *testing.T) {
	size := map[rune]int{'i': 2, 'j': 3, 'k': 2, 'b': 2, 'q': 1}
	for _, subscripts := range []string{
		"ij,jk->ik", "ij,jk->ki", "bij,bjk->bik", "bji,bjk->kbi", "i,i->", "i,j->ij", "ij,j->ij", "ij,k->i", "ii->", "ii->i", "iji->j",
		"bi,ij,bj->b", "ij,jk,kb->ib", " i j , j -> i ", "qij,qj->qi", "ij->", "k,ij->ik",
	} {
		t.Run(subscripts, func(t *testing.T) {
			var in []values
			for i, part := range strings.Split(strings.Split(strings.ReplaceAll(subscripts, " ", ""), "->")[0], ",") {
				var shape []int
				for _, l := range part {
					shape = append(shape, size[l])
				}
				in = append(in, wave(0.9, 0.1*float64(i+1), shape...))
			}
			checkGradients(t, func(s *graph.Scope, xs gorgonia.Nodes) *gorgonia.Node {
				return ops.Square(s, ops.Einsum(s, subscripts, xs...))
			}, in...)
		})
	}
	for _, c := range []struct {
		subscripts string
		shapes     [][]int
	}{
		{"...ij,...jk", [][]int{{2, 1, 2, 3}, {3, 3, 2}}},
		{"...i,i", [][]int{{2, 2, 3}, {3}}},
		{"...,...", [][]int{{2, 3}, {3}}},
		{"i...,i...->...", [][]int{{2, 3}, {2, 1}}},
		{"...ii->...i", [][]int{{2, 2, 2}}},
		{"ij,jk->ik", [][]int{{2, 0}, {0, 3}}},
		{"ij,jk->ik", [][]int{{0, 2}, {2, 3}}},
	} {
		t.Run(fmt.Sprint(c), func(t *testing.T) {
			var in []values
			for i, sh := range c.shapes {
				in = append(in, wave(0.9, 0.1*float64(i), sh...))
			}
			checkGradients(t, func(s *graph.Scope, xs gorgonia.Nodes) *gorgonia.Node {
				return ops.Square(s, ops.Einsum(s, c.subscripts, xs...))
			}, in...)
		})
	}
}

// The common products copy nothing: one MatMul between views.
func TestEinsumIsOneMatMul(t *testing.T) {
	for _, c := range []struct {
		subscripts string
		a, b       []int
	}{
		{"ij,jk->ik", []int{2, 3}, []int{3, 4}}, {"ji,kj->ik", []int{3, 2}, []int{4, 3}}, {"ij,jk->ki", []int{2, 3}, []int{3, 4}},
		{"bij,jk->bik", []int{5, 2, 3}, []int{3, 4}}, {"bhij,bhkj->bhik", []int{5, 6, 2, 3}, []int{5, 6, 4, 3}}, {"ij,j->i", []int{2, 3}, []int{3}},
	} {
		g := graph.New(graph.Config{})
		s := g.Scope()
		ops.Einsum(s, c.subscripts, graph.Placeholder(s, "a", tensor.Float32, c.a...), graph.Placeholder(s, "b", tensor.Float32, c.b...))
		if g.Err() != nil {
			t.Fatal(g.Err())
		}
		products := 0
		for _, n := range g.Operations() {
			switch d, _ := g.OpOf(n); d.Name {
			case "MatMul":
				products++
			case "FoldAxes", "UnfoldAxes", "":
			default:
				t.Errorf("%s contains %s", c.subscripts, g.NameOf(n))
			}
		}
		if products != 1 {
			t.Errorf("%s contains %d products", c.subscripts, products)
		}
	}
}

func TestEinsumErrors(t *testing.T) {
	for _, c := range []struct {
		subscripts string
		shapes     [][]int
		words      []string
	}{
		{"ij,jk->ik", [][]int{{2, 3}, {4, 5}}, []string{`"ij,jk->ik"`, `"j" has size 3 in operand 0, float32[2, 3], and size 4 in operand 1, float32[4, 5]`}},
		{"ij,jk->ik", [][]int{{2, 3}}, []string{"for 2 operands; 1 came"}},
		{"ij->i", nil, []string{"0 came"}},
		{"ijk->i", [][]int{{2, 3}}, []string{"operand 0 is float32[2, 3], of rank 2", "3 subscripts"}},
		{"i...jk", [][]int{{2, 3}}, []string{"of rank 2"}},
		{"i", [][]int{{2, 3}}, []string{"of rank 2", "1 subscripts"}},
		{"ij->ik", [][]int{{2, 3}}, []string{`"k" is in the result but in no operand`}},
		{"ij->ii", [][]int{{2, 3}}, []string{`"i" is twice in the result`}},
		{"...j->j", [][]int{{2, 3}}, []string{`want "..." in the result too`}},
		{"i-j", [][]int{{2, 3, 4}}, []string{"'-' in \"i-j\""}},
		{"ii->i", [][]int{{2, 3}}, []string{`"i" has size 2`, "size 3"}},
		{"...i,...i->...", [][]int{{2, 3}, {4, 3}}, []string{`"..." has size 2`, "size 4"}},
	} {
		wantBuildError(t, func(s *graph.Scope) {
			var xs gorgonia.Nodes
			for i, sh := range c.shapes {
				xs = append(xs, graph.Placeholder(s, fmt.Sprint("x", i), tensor.Float32, sh...))
			}
			ops.Einsum(s, c.subscripts, xs...)
		}, "Einsum", c.words...)
	}
	wantBuildError(t, func(s *graph.Scope) {
		ops.Einsum(s, "i,i", graph.Placeholder(s, "a", tensor.Float32, 2), graph.Placeholder(s, "b", tensor.Float64, 2))
	}, "Einsum", "float64[2]", "want one dtype")
	wantBuildError(t, func(s *graph.Scope) { ops.Einsum(s, "i->i", graph.Placeholder(s, "a", tensor.Int, 2)) }, "Einsum", "int[2]", "float32 or float64")
	// Sizes that are only known in the Run.
	g := graph.New(graph.Config{})
	feeds := graph.Feeds{}
	x := input(g.Scope(), feeds, "x", tensor.Float32, wave(1, 0, 2, 3), true)
	wantRunError(t, g, feeds, ops.Einsum(g.Scope().NameScope("net"), "ii", x), "net/Einsum/MatrixDiagPart", "must be equal")
}
