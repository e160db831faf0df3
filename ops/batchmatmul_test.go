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

func TestBatchMatMulGolden(t *testing.T) {
	checkGolden(t, "matmul", "BatchMatMul", func(s *graph.Scope, c golden.Case, in map[string]*gorgonia.Node) *gorgonia.Node {
		return ops.MatMulT(s, in["a"], in["b"], c.Param("transposeA") != 0, c.Param("transposeB") != 0)
	}, "a", "b")
	goldenSplit(t, "MatMul", func(s *graph.Scope, c golden.Case, xs gorgonia.Nodes) *gorgonia.Node {
		return ops.MatMul(s, xs[0], xs[1])
	})
}

func TestBatchMatMulGradients(t *testing.T) {
	for k := 0; k < 4; k++ {
		for _, batch := range [][2][]int{{{2}, {2}}, {{2}, {}}, {{}, {2}}, {{2, 1}, {3}}, {{1}, {2}}, {{0}, {1}}} {
			ta, tb := k&1 != 0, k&2 != 0
			a, b := append(append([]int{}, batch[0]...), 2, 3), append(append([]int{}, batch[1]...), 3, 1)
			if ta {
				n := len(a)
				a[n-2], a[n-1] = a[n-1], a[n-2]
			}
			if tb {
				n := len(b)
				b[n-2], b[n-1] = b[n-1], b[n-2]
			}
			t.Run(fmt.Sprint(ta, tb, a, b), func(t *testing.T) {
				checkGradients(t, double(matMulOp(ta, tb)), wave(1, 0.3, a...), wave(0.8, -0.1, b...))
			})
		}
	}
}

// Each matrix of a batch is multiplied as it would be alone, to the bit.
func TestBatchMatMulIsMatMul(t *testing.T) {
	const batch, m, k, n = 37, 5, 40, 9
	a, b := wave(1, 0.1, batch, m, k), wave(1, -0.2, batch, k, n)
	all := floats(eval(t, tensor.Float32, double(ops.MatMul), a, b))
	for i := 0; i < batch; i++ {
		one := floats(eval(t, tensor.Float32, double(ops.MatMul), at([]int{m, k}, a.data[i*m*k:(i+1)*m*k]...), at([]int{k, n}, b.data[i*k*n:(i+1)*k*n]...)))
		for j, v := range one {
			if v != all[i*m*n+j] {
				t.Fatalf("matrix %d element %d is %v alone and %v in the batch", i, j, v, all[i*m*n+j])
			}
		}
	}
}

func TestBatchMatMulEdges(t *testing.T) {
	wantValues(t, eval(t, tensor.Float32, double(ops.MatMul), at([]int{2, 1, 0}), at([]int{2, 0, 1})), []int{2, 1, 1}, 0, 0)
	wantValues(t, eval(t, tensor.Float32, double(ops.MatMul), at([]int{0, 1, 2}), at([]int{2, 1}, 1, 2)), []int{0, 1, 1})
	wantValues(t, eval(t, tensor.Float64, double(ops.MatMul), at([]int{2, 1, 1}, 0, 1), at([]int{1, 1, 1}, math.NaN())), []int{2, 1, 1}, math.NaN(), math.NaN())
	for _, c := range []struct {
		a, b  []int
		words []string
	}{
		{[]int{2, 3, 4}, []int{3, 4, 5}, []string{"float32[2, 3, 4]", "float32[3, 4, 5]", "before the last two axes"}},
		{[]int{2, 3, 4}, []int{5, 4}, []string{"float32[2, 3, 4]", "float32[5, 4]", "inner sizes 4 and 5"}},
	} {
		wantBuildError(t, func(s *graph.Scope) {
			ops.MatMul(s, graph.Placeholder(s, "a", tensor.Float32, c.a...), graph.Placeholder(s, "b", tensor.Float32, c.b...))
		}, "MatMul", c.words...)
	}
}
