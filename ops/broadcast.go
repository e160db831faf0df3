package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// Broadcasting follows NumPy: shapes are aligned at their last axes, and an
// axis of size 1, or a missing one, is repeated to the other's size. The
// repeated operand is never materialised.

// broadcastShapes returns the common shape of a and b. An unknown size against
// a known one above 1 must turn out to be that or 1.
func broadcastShapes(a, b tensor.Shape) (out tensor.Shape, ok bool) {
	if len(a) < len(b) {
		a, b = b, a
	}
	out = append(tensor.Shape{}, a...)
	shift := len(a) - len(b)
	for i, e := range b {
		d := out[shift+i]
		switch {
		case e == d || e == 1:
		case d == 1:
			out[shift+i] = e
		case d < 0:
			out[shift+i] = e
		case e < 0:
		default:
			return out, false
		}
	}
	return out, true
}

// inferBroadcast is the shape rule of an elementwise op of two operands of one
// dtype that allowed accepts.
func inferBroadcast(allowed dtypes) func(in []graph.Spec) (graph.Spec, error) {
	return func(in []graph.Spec) (graph.Spec, error) {
		if len(in) != 2 {
			return graph.Spec{}, errors.Errorf("takes two inputs, but %d came", len(in))
		}
		a, b := in[0], in[1]
		if err := allowed.check(a); err != nil {
			return a, err
		}
		if a.Dtype != b.Dtype {
			hint := "ops.Cast converts"
			if a.IsFloat() && b.Rank() == 0 && b.IsInt() || b.IsFloat() && a.Rank() == 0 && a.IsInt() {
				hint += "; a constant 2 is an int, 2.0 has the graph's dtype"
			}
			return a, errors.Errorf("the operands are %v and %v; want one dtype (%s)", a, b, hint)
		}
		shape, ok := broadcastShapes(a.Shape, b.Shape)
		if !ok {
			return a, errors.Errorf("the operands are %v and %v; aligned at the last axis, sizes must be equal or 1", a, b)
		}
		return graph.Spec{Dtype: a.Dtype, Shape: shape}, nil
	}
}

// broadcastStrides returns the strides of an array of shape in when it is
// repeated to the shape out.
func broadcastStrides(in, out tensor.Shape) []int {
	strides := make([]int, len(out))
	own := rowMajor(in)
	shift := len(out) - len(in)
	for i, d := range in {
		if d != 1 {
			strides[shift+i] = own[i]
		}
	}
	return strides
}

// broadcastLayout walks operands beside the contiguous output to whose shape
// they are repeated.
func broadcastLayout(out tensor.Shape, in ...graph.Spec) (*layout, error) {
	strides := make([][]int, len(in))
	for k, sp := range in {
		strides[k] = broadcastStrides(sp.Shape, out)
	}
	return newLayout(out, strides...)
}

// pair holds the inner loops of an elementwise op of two operands: of equal
// lengths, and with one number on the right or on the left. Element i may only
// depend on elements i, and out may be an operand.
type pair[T, U any] struct {
	both  func(out []U, a, b []T)
	right func(out []U, a []T, b T)
	left  func(out []U, a T, b []T)
}

// bind chooses the kernel for the shapes in b.
func (f pair[T, U]) bind(b *graph.Binding) (graph.Kernel, error) {
	l, err := broadcastLayout(b.Out.Shape, b.In...)
	if err != nil {
		return nil, err
	}
	sa, sb := l.step[0], l.step[1]
	if l.rows == 1 { // equal shapes, or one operand is a single number
		return b.Pointwise(func(c *graph.Call, lo, hi int) {
			f.row(elements[U](c.Out)[lo:hi], elements[T](c.In[0])[lo*sa:], elements[T](c.In[1])[lo*sb:], sa, sb)
		}), nil
	}
	if l.isRow(1) && sizeOf(b.In[0].Shape) == sizeOf(b.Out.Shape) { // such as a bias
		return b.Pointwise(func(c *graph.Call, lo, hi int) {
			out, x, y := elements[U](c.Out), elements[T](c.In[0]), elements[T](c.In[1])
			for lo < hi {
				col := lo % l.cols
				end := min(hi, lo+l.cols-col)
				f.both(out[lo:end], x[lo:end], y[col:col+end-lo])
				lo = end
			}
		}), nil
	}
	return b.Pointwise(func(c *graph.Call, lo, hi int) {
		out, x, y := elements[U](c.Out), elements[T](c.In[0]), elements[T](c.In[1])
		l.eachRow(lo, hi, func(at, n int, from [3]int) {
			f.row(out[at:at+n], x[from[0]:], y[from[1]:], sa, sb)
		})
	}), nil
}

// row computes one row; an operand whose step is 0 is a single number.
func (f pair[T, U]) row(out []U, a, b []T, stepA, stepB int) {
	switch {
	case stepB == 0 && stepA != 0:
		f.right(out, a[:len(out)], b[0])
	case stepA == 0 && stepB != 0:
		f.left(out, a[0], b[:len(out)])
	default:
		f.both(out, a[:len(out)], b[:len(out)])
	}
}

// pairOf computes an elementwise op of two operands by a function of two
// numbers, where a call costs little beside the rest.
func pairOf[T any](f func(a, b T) T) pair[T, T] {
	return pair[T, T]{
		both: func(out, a, b []T) {
			for i, v := range a {
				out[i] = f(v, b[i])
			}
		},
		right: func(out, a []T, b T) {
			for i, v := range a {
				out[i] = f(v, b)
			}
		},
		left: func(out []T, a T, b []T) {
			for i, v := range b {
				out[i] = f(a, v)
			}
		},
	}
}

// inFloat64 is a function of package math on elements of T.
func inFloat64[T float](f func(a, b float64) float64) func(a, b T) T {
	return func(a, b T) T { return T(f(float64(a), float64(b))) }
}

// sumToInput returns grad summed to the shape of in, one of the operands of a
// broadcasting op, of which other is another. Where the shapes are known to be
// equal it is grad itself.
func sumToInput(s *graph.Scope, grad, in *gorgonia.Node, others ...*gorgonia.Node) *gorgonia.Node {
	a := graph.SpecOf(in).Shape
	needed := false
	for _, o := range others {
		if o == in {
			continue
		}
		b := graph.SpecOf(o).Shape
		if len(b) > len(a) {
			needed = true
			break
		}
		shift := len(a) - len(b)
		for i, e := range b {
			// in is repeated along this axis unless its size is known to be the
			// output's.
			d := a[shift+i]
			if e != 1 && (d < 0 || d == 1) {
				needed = true
			}
		}
	}
	if !needed {
		return grad
	}
	return SumTo(s, grad, in)
}
