package ops_test

import (
	"fmt"
	"math"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
)

func matMulOp(transposeA, transposeB bool) binaryOp {
	return func(s *graph.Scope, a, b *gorgonia.Node) *gorgonia.Node {
		return ops.MatMulT(s, a, b, transposeA, transposeB)
	}
}

func TestMatMulGolden(t *testing.T) {
	checkGolden(t, "matmul", "MatMul", func(s *graph.Scope, c golden.Case, in map[string]*gorgonia.Node) *gorgonia.Node {
		ta, tb := c.Param("transposeA") != 0, c.Param("transposeB") != 0
		if !ta && !tb {
			return ops.MatMul(s, in["a"], in["b"])
		}
		return ops.MatMulT(s, in["a"], in["b"], ta, tb)
	}, "a", "b")
}

func TestMatMulGradients(t *testing.T) {
	for _, ta := range []bool{false, true} {
		for _, tb := range []bool{false, true} {
			for _, size := range [][3]int{{2, 3, 4}, {1, 1, 1}, {1, 3, 1}, {3, 0, 2}, {0, 3, 2}} {
				m, k, n := size[0], size[1], size[2]
				a, b := []int{m, k}, []int{k, n}
				if ta {
					a = []int{k, m}
				}
				if tb {
					b = []int{n, k}
				}
				t.Run(fmt.Sprint(ta, tb, size), func(t *testing.T) {
					checkGradients(t, double(matMulOp(ta, tb)), wave(1, 0.3, a...), wave(0.8, -0.1, b...))
				})
			}
		}
	}
}

// No gradient of a product transposes anything in memory.
func TestMatMulGradientsAreMatMuls(t *testing.T) {
	for k := 0; k < 4; k++ {
		g := graph.New(graph.Config{})
		s := g.Scope()
		a, b := graph.Placeholder(s, "a", tensor.Float32, 3, 3), graph.Placeholder(s, "b", tensor.Float32, 3, 3)
		graph.Gradients(s, gorgonia.Nodes{matMulOp(k&1 != 0, k&2 != 0)(s, a, b)}, gorgonia.Nodes{a, b}, nil)
		for _, n := range g.Operations() {
			if op := n.Op(); op != nil && op.String() != "MatMul" && op.String() != "OnesLike" {
				t.Errorf("the gradients contain %s", g.NameOf(n))
			}
		}
	}
}

func TestMatMulOfNothing(t *testing.T) {
	got := eval(t, tensor.Float32, double(ops.MatMul), at([]int{2, 0}), at([]int{0, 3}))
	wantValues(t, got, []int{2, 3}, 0, 0, 0, 0, 0, 0)
	wantValues(t, eval(t, tensor.Float32, double(ops.MatMul), at([]int{0, 2}), wave(1, 0, 2, 3)), []int{0, 3})
}

func TestMatMulPropagatesNaN(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for k := 0; k < 4; k++ {
		op := double(matMulOp(k&1 != 0, k&2 != 0))
		got := eval(t, tensor.Float32, op, at([]int{2, 2}, 0, 0, 0, 0), at([]int{2, 2}, nan, inf, inf, nan))
		wantValues(t, got, []int{2, 2}, nan, nan, nan, nan)
	}
}

// A row of a product does not depend on the rows beside it.
func TestMatMulRowsAreIndependent(t *testing.T) {
	a, b := wave(1, 0.1, 37, 50), wave(1, -0.2, 50, 19)
	all := floats(eval(t, tensor.Float32, double(ops.MatMul), a, b))
	for r := 0; r < 37; r++ {
		row := floats(eval(t, tensor.Float32, double(ops.MatMul), at([]int{1, 50}, a.data[r*50:(r+1)*50]...), b))
		for j, v := range row {
			if d := math.Abs(v - all[r*19+j]); d > 1e-6*math.Max(1, math.Abs(v)) {
				t.Fatalf("row %d column %d is %v alone and %v in the batch", r, j, v, all[r*19+j])
			}
		}
	}
}

func TestMatMulErrors(t *testing.T) {
	for _, c := range []struct {
		a, b  []int
		dtype tensor.Dtype // of b
		op    binaryOp
		words []string
	}{
		{[]int{2, 3}, []int{4, 5}, tensor.Float32, ops.MatMul, []string{"float32[2, 3]", "float32[4, 5]", "inner sizes 3 and 4"}},
		{[]int{2, 3}, []int{3, 5}, tensor.Float32, matMulOp(true, false), []string{"(transposed)", "inner sizes 2 and 3"}},
		{[]int{-1, 3}, []int{3, 5}, tensor.Float32, matMulOp(false, true), []string{"float32[?, 3]", "inner sizes 3 and 5"}},
		{[]int{4}, []int{4, 5}, tensor.Float32, ops.MatMul, []string{"float32[4]", "two matrices", "Einsum"}},
		{[]int{3}, []int{3, 5}, tensor.Float32, ops.MatMul, []string{"float32[3]", "two matrices"}},
		{[]int{2, 3}, []int{3, 5}, tensor.Float64, ops.MatMul, []string{"float32[2, 3]", "float64[3, 5]", "ops.Cast"}},
	} {
		wantBuildError(t, func(s *graph.Scope) {
			n := c.op(s, graph.Placeholder(s, "a", tensor.Float32, c.a...), graph.Placeholder(s, "b", c.dtype, c.b...))
			if graph.SpecOf(n).Rank() != 2 {
				t.Errorf("the bad node is %v; want the intended rank 2", graph.SpecOf(n))
			}
		}, "MatMul", c.words...)
	}
	wantBuildError(t, func(s *graph.Scope) {
		x := graph.Placeholder(s, "x", tensor.Int, 2, 2)
		ops.MatMul(s, x, x)
	}, "MatMul", "int[2, 2]", "float32 or float64")
	g := graph.New(graph.Config{})
	s := g.Scope()
	feeds := graph.Feeds{}
	a := input(s, feeds, "a", tensor.Float32, wave(1, 0, 2, 3), true)
	b := input(s, feeds, "b", tensor.Float32, wave(1, 0, 4, 5), true)
	wantRunError(t, g, feeds, ops.MatMul(s.NameScope("net"), a, b), "net/MatMul", "inner sizes 3 and 4")
}
