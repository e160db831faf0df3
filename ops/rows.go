package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// foldRows views x [..., n] as the matrix [rows, n]; any axis may be unknown.
func foldRows(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return view(s, "FoldRows", nil, func(in []graph.Spec) (tensor.Shape, error) {
		x := in[0]
		if x.Rank() < 1 {
			return x.Shape, errors.Errorf("the input is %v; want [..., n]", x)
		}
		last := x.Rank() - 1
		return tensor.Shape{sizeOrUnknown(x.Shape[:last]), x.Shape[last]}, nil
	}, x)
}

// unfoldRows gives the matrix y [rows, n] the leading axes of like [..., m].
// Only the shape of like is used.
func unfoldRows(s *graph.Scope, y, like *gorgonia.Node) *gorgonia.Node {
	return view(s, "UnfoldRows", nil, func(in []graph.Spec) (tensor.Shape, error) {
		y, like := in[0], in[1]
		if y.Rank() != 2 || like.Rank() < 1 {
			return y.Shape, errors.Errorf("the inputs are %v and %v; want a matrix and [..., m]", y, like)
		}
		shape := append(like.Shape[:like.Rank()-1].Clone(), y.Shape[1])
		if rows := sizeOrUnknown(shape[:len(shape)-1]); rows >= 0 && y.Shape[0] >= 0 && rows != y.Shape[0] {
			return y.Shape, errors.Errorf("the inputs are %v and %v; the numbers of rows differ", y, like)
		}
		return shape, nil
	}, y, like)
}

// asColumn appends an axis of size 1: [...] -> [..., 1], the same elements.
func asColumn(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return view(s, "Column", nil, func(in []graph.Spec) (tensor.Shape, error) {
		return joinShapes(in[0].Shape, tensor.Shape{1}), nil
	}, x)
}

// inferLastAxis is the shape rule of an op on the rows of a float tensor.
func inferLastAxis(in []graph.Spec) (graph.Spec, error) {
	out, err := graph.SameFloat(in)
	if err == nil && out.Rank() == 0 {
		err = errors.Errorf("the input is the scalar %v; want at least one axis, [..., classes]", out)
	}
	return out, err
}

// rowsOf returns the number of rows, their length and how many are worth handing
// to a goroutine.
func rowsOf(sp graph.Spec) (rows, cols, rowGrain int) {
	cols = sp.Shape[sp.Rank()-1]
	rows = sizeOf(sp.Shape[:sp.Rank()-1])
	if cols == 0 {
		return 0, 0, 1
	}
	return rows, cols, max(1, rowGrainElements/cols)
}

// rowGrainElements is the work of one goroutine in ops that take exponentials:
// 3 us with vectors, and more without.
const rowGrainElements = grain / 4

// rowKernel computes an op of the rows of one operand; out may be x itself.
func rowKernel(f32 func(out, x []float32, rows, cols int), f64 func(out, x []float64, rows, cols int)) func(*graph.Binding) (graph.Kernel, error) {
	return func(b *graph.Binding) (graph.Kernel, error) {
		return floatKernel(b, rowsOver(b.Out, f32), rowsOver(b.Out, f64))
	}
}

func rowsOver[T float](sp graph.Spec, f func(out, x []T, rows, cols int)) graph.Kernel {
	rows, cols, rowGrain := rowsOf(sp)
	body := func(c *graph.Call, lo, hi int) {
		f(elements[T](c.Out)[lo*cols:], elements[T](c.In[0])[lo*cols:], hi-lo, cols)
	}
	return func(c *graph.Call) error {
		c.Split(rows, rowGrain, body)
		return nil
	}
}

// rowZipKernel computes an op of two operands of equal shape row by row.
func rowZipKernel(f32 func(out, a, b []float32), f64 func(out, a, b []float64)) func(*graph.Binding) (graph.Kernel, error) {
	return func(b *graph.Binding) (graph.Kernel, error) {
		return floatKernel(b, rowsZipOver(b.Out, f32), rowsZipOver(b.Out, f64))
	}
}

func rowsZipOver[T float](sp graph.Spec, f func(out, a, b []T)) graph.Kernel {
	rows, cols, rowGrain := rowsOf(sp)
	body := func(c *graph.Call, lo, hi int) {
		out, x, y := elements[T](c.Out), elements[T](c.In[0]), elements[T](c.In[1])
		for r := lo * cols; r < hi*cols; r += cols {
			f(out[r:r+cols], x[r:r+cols], y[r:r+cols])
		}
	}
	return func(c *graph.Call) error {
		c.Split(rows, rowGrain, body)
		return nil
	}
}
