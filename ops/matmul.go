package ops

import (
	"slices"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// MatMul is the matrix product [m, k] x [k, n] -> [m, n]:
//
//	y[i, j] = sum over l of a[i, l] * b[l, j]
//
// Operands of more axes are batches of matrices, [..., m, k] and [..., k, n];
// the axes before the last two broadcast as those of elementwise ops do, without
// a copy.
//
// float32 or float64, both of one dtype; sizes may be unknown. k = 0 gives zeros. NaN
// and infinities propagate by IEEE 754, also against zeros. The gradients are grad x
// transposed b and transposed a x grad, summed over the axes that broadcast. A row's
// value does not depend on the other rows.
//
// TF: tf.matmul. PyTorch: torch.matmul. Dtypes: float. Gradient: yes.
func MatMul(s *graph.Scope, a, b *gorgonia.Node) *gorgonia.Node {
	return MatMulT(s, a, b, false, false)
}

// MatMulT is MatMul of a or its transpose and b or its transpose: with
// transposeA, a is [..., k, m]; with transposeB, b is [..., n, k]. Nothing is
// transposed in memory, nor in the gradients.
//
// TF: tf.matmul. PyTorch: none. Dtypes: float. Gradient: yes.
func MatMulT(s *graph.Scope, a, b *gorgonia.Node, transposeA, transposeB bool) *gorgonia.Node {
	if a != nil && b != nil && !transposeA && graph.SpecOf(a).Rank() > 2 && graph.SpecOf(b).Rank() == 2 {
		if y := matMulRows(s, a, b, transposeB); y != nil {
			return y
		}
	}
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
			var da, db *gorgonia.Node
			switch {
			case !transposeA && !transposeB:
				da, db = MatMulT(s, grad, b, false, true), MatMulT(s, a, grad, true, false)
			case transposeA && !transposeB:
				da, db = MatMulT(s, b, grad, false, true), MatMulT(s, a, grad, false, false)
			case !transposeA && transposeB:
				da, db = MatMulT(s, grad, b, false, false), MatMulT(s, grad, a, true, false)
			default:
				da, db = MatMulT(s, b, grad, true, true), MatMulT(s, grad, a, true, true)
			}
			return gorgonia.Nodes{sumToBatch(s, da, a), sumToBatch(s, db, b)}
		},
		MultiplyAdds: func(in []graph.Spec, out graph.Spec) int64 {
			_, _, k := matrices(in[0].Shape, transposeA)
			return int64(sizeOf(out.Shape)) * int64(k)
		},
	}, a, b)
}

func inferMatMul(in []graph.Spec, transposeA, transposeB bool) (graph.Spec, error) {
	if len(in) != 2 {
		return graph.Spec{}, errors.Errorf("takes two inputs, but %d came", len(in))
	}
	a, b := in[0], in[1]
	intended := graph.Spec{Dtype: a.Dtype, Shape: []int{graph.Unknown, graph.Unknown}}
	if a.Rank() < 2 || b.Rank() < 2 {
		return intended, errors.Errorf("the operands are %v and %v; want two matrices, or batches of them (ops.Dot and ops.Einsum take vectors)", a, b)
	}
	batchA, m, ka := matrices(a.Shape, transposeA)
	batchB, kb, n := matrices(b.Shape, transposeB)
	batch, ok := broadcastShapes(batchA, batchB)
	intended.Shape = joinShapes(batch, tensor.Shape{m, n})
	if !ok {
		return intended, errors.Errorf("the operands are %v and %v; before the last two axes, sizes must be equal or 1", a, b)
	}
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

// matrices tells a batch of matrices apart: the axes of the batch, the rows and
// the columns.
func matrices(shape tensor.Shape, transposed bool) (batch tensor.Shape, rows, columns int) {
	last := len(shape) - 1
	rows, columns = shape[last-1], shape[last]
	if transposed {
		rows, columns = columns, rows
	}
	return shape[:last-1], rows, columns
}

// matMulRows is a [..., m, k] times a single matrix b, as one product of all
// rows of a; so the gradient of b is one product too, and no sum over the batch. It
// is nil when the operands do not fit.
func matMulRows(s *graph.Scope, a, b *gorgonia.Node, transposeB bool) *gorgonia.Node {
	if _, err := inferMatMul([]graph.Spec{graph.SpecOf(a), graph.SpecOf(b)}, false, transposeB); err != nil {
		return nil
	}
	return s.Compose(func(s *graph.Scope) *gorgonia.Node {
		return unfoldRows(s, MatMulT(s, foldRows(s, a), b, false, transposeB), a)
	})
}

// sumToBatch sums the gradient of an operand of a matrix product over the batch
// axes that the product repeated.
func sumToBatch(s *graph.Scope, grad, in *gorgonia.Node) *gorgonia.Node {
	have, want := graph.SpecOf(grad), graph.SpecOf(in)
	if graph.IsBad(grad) || want.Rank() == 2 && have.Rank() == 2 || have.Known() && slices.Equal(have.Shape, want.Shape) {
		return grad
	}
	return SumTo(s, grad, in)
}

func matMul[T float](transposeA, transposeB bool) binder {
	return func(b *graph.Binding) (graph.Kernel, error) {
		b.Finishes()
		b.Accumulates()
		b.TakesRow()
		b.TakesRectifier()
		if !transposeB {
			b.LinearIn(1)
		}
		batchA, m, k := matrices(b.In[0].Shape, transposeA)
		batchB, _, n := matrices(b.In[1].Shape, transposeB)
		lda, ldb := columnsOf(b.In[0].Shape), columnsOf(b.In[1].Shape)
		if b.Out.Rank() == 2 {
			return func(c *graph.Call) error {
				alpha, beta := c.Scale()
				kernel.GemmFinish(transposeA, transposeB, m, n, k, T(alpha), elements[T](c.In[0]), lda, elements[T](c.In[1]), ldb, T(beta), elements[T](c.Out), n, afterRows[T](c))
				return nil
			}, nil
		}
		l, err := broadcastLayout(b.Out.Shape[:b.Out.Rank()-2], graph.Spec{Shape: batchA}, graph.Spec{Shape: batchB})
		if err != nil {
			return nil, err
		}
		body := func(c *graph.Call, lo, hi int) {
			x, y, out := elements[T](c.In[0]), elements[T](c.In[1]), elements[T](c.Out)
			alpha, beta := c.Scale()
			p := l.seek(lo / l.cols)
			col := lo % l.cols
			for i := lo; i < hi; i++ {
				atA, atB := p.at[0]+col*l.step[0], p.at[1]+col*l.step[1]
				kernel.GemmFinish(transposeA, transposeB, m, n, k, T(alpha), x[atA*m*k:], lda, y[atB*k*n:], ldb, T(beta), out[i*m*n:], n, afterwards[T](c))
				c.Finish(i*m*n, (i+1)*m*n)
				if col++; col == l.cols {
					col = 0
					l.next(&p)
				}
			}
		}
		// Small products are shared out whole; a large one is split by Gemm.
		const flops = 1 << 19
		each := max(1, flops/max(1, m*n*k))
		count := l.rows * l.cols
		return func(c *graph.Call) error {
			if m > 0 && n > 0 {
				c.Split(count, each, body)
			}
			return nil
		}, nil
	}
}

// afterwards is what a product does to its value on its own: add a bias, and rectify.
func afterwards[T float](c *graph.Call) (after kernel.After[T]) {
	if row := c.Row(); row != nil {
		after.Bias = elements[T](row)
	}
	if most, ok := c.Rectifier(); ok {
		after.Rectify, after.Most = true, T(most)
	}
	return after
}

// afterRows is afterwards, and what follows in the same step, for a product whose rows are those of its value.
func afterRows[T float](c *graph.Call) kernel.After[T] {
	after := afterwards[T](c)
	after.Finish = follower[T](c)
	return after
}

// follower is what is given the finished rows of a product, nil where nothing follows.
func follower[T float](c *graph.Call) kernel.Finisher[T] {
	if c.Followed() {
		return finishRows[T]{c}
	}
	return nil
}

// finishRows hands the finished rows of a matrix product on. It is one pointer,
// which as an interface costs no allocation.
type finishRows[T float] struct{ call *graph.Call }

// Finish implements kernel.Finisher.
func (f finishRows[T]) Finish(i, j int, run []T) {
	at := i*columnsOf(f.call.Out.Shape()) + j
	f.call.Finish(at, at+len(run))
}

// columnsOf is the distance of two rows of a matrix in memory.
func columnsOf(shape tensor.Shape) int { return shape[len(shape)-1] }
