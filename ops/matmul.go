package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// MatMul is the matrix product [m, k] x [k, n] -> [m, n]:
//
//	y[i, j] = sum over l of a[i, l] * b[l, j]
//
// float32 or float64, both of one dtype. k = 0 gives zeros. NaN and infinities
// propagate by IEEE 754, also against zeros. The gradients are grad x transposed
// b and transposed a x grad. A row's value does not depend on the other rows.
// tf.matmul, torch.mm.
func MatMul(s *graph.Scope, a, b *gorgonia.Node) *gorgonia.Node {
	return MatMulT(s, a, b, false, false)
}

// MatMulT is MatMul of a or its transpose and b or its transpose: with
// transposeA, a is [k, m]; with transposeB, b is [n, k]. Nothing is transposed
// in memory, nor in the gradients. tf.matmul's transpose_a and transpose_b.
func MatMulT(s *graph.Scope, a, b *gorgonia.Node, transposeA, transposeB bool) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  "MatMul",
		Attrs: map[string]interface{}{"transpose_a": transposeA, "transpose_b": transposeB},
		Infer: func(in []graph.Spec) (graph.Spec, error) { return inferMatMul(in, transposeA, transposeB) },
		Kernel: byDtype{
			f32: matMul[float32](transposeA, transposeB),
			f64: matMul[float64](transposeA, transposeB),
		}.first,
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			a, b := in[0], in[1]
			switch {
			case !transposeA && !transposeB:
				return gorgonia.Nodes{MatMulT(s, grad, b, false, true), MatMulT(s, a, grad, true, false)}
			case transposeA && !transposeB:
				return gorgonia.Nodes{MatMulT(s, b, grad, false, true), MatMulT(s, a, grad, false, false)}
			case !transposeA && transposeB:
				return gorgonia.Nodes{MatMulT(s, grad, b, false, false), MatMulT(s, grad, a, true, false)}
			}
			return gorgonia.Nodes{MatMulT(s, b, grad, true, true), MatMulT(s, grad, a, true, true)}
		},
	}, a, b)
}

func inferMatMul(in []graph.Spec, transposeA, transposeB bool) (graph.Spec, error) {
	if len(in) != 2 {
		return graph.Spec{}, errors.Errorf("takes two inputs, but %d came", len(in))
	}
	a, b := in[0], in[1]
	intended := graph.Spec{Dtype: a.Dtype, Shape: []int{graph.Unknown, graph.Unknown}}
	if a.Rank() != 2 || b.Rank() != 2 {
		return intended, errors.Errorf("the operands are %v and %v; want two matrices (ops.Reshape or ops.Flatten makes one)", a, b)
	}
	m, ka := a.Shape[0], a.Shape[1]
	if transposeA {
		m, ka = ka, m
	}
	kb, n := b.Shape[0], b.Shape[1]
	if transposeB {
		kb, n = n, kb
	}
	intended.Shape = []int{m, n}
	if err := floats.check(a); err != nil {
		return intended, err
	}
	if a.Dtype != b.Dtype {
		return intended, errors.Errorf("the operands are %v and %v; want one dtype (ops.Cast converts)", a, b)
	}
	if ka >= 0 && kb >= 0 && ka != kb {
		return intended, errors.Errorf("the operands are %v%s and %v%s; the inner sizes %d and %d must be equal",
			a, ifTransposed(transposeA), b, ifTransposed(transposeB), ka, kb)
	}
	return intended, nil
}

func ifTransposed(t bool) string {
	if t {
		return " (transposed)"
	}
	return ""
}

func matMul[T float](transposeA, transposeB bool) binder {
	return func(b *graph.Binding) (graph.Kernel, error) {
		m, n := b.Out.Shape[0], b.Out.Shape[1]
		lda, ldb := b.In[0].Shape[1], b.In[1].Shape[1]
		k := lda
		if transposeA {
			k = b.In[0].Shape[0]
		}
		return func(c *graph.Call) error {
			kernel.Gemm(transposeA, transposeB, m, n, k, 1, elements[T](c.In[0]), lda, elements[T](c.In[1]), ldb, 0, elements[T](c.Out), n)
			return nil
		}, nil
	}
}
