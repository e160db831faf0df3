package ops

import (
	"unsafe"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// grain is how many elements of cheap elementwise work one goroutine takes:
// less is not worth handing over.
const grain = 16384

// float lists the element types of differentiable ops.
type float interface{ float32 | float64 }

// elements views an array as a slice of T, which must be its element type.
func elements[T any](a *graph.Array) []T {
	return unsafe.Slice((*T)(a.Pointer()), a.Size())
}

// floatKernel chooses between the float32 and the float64 form of a kernel.
func floatKernel(b *graph.Binding, f32, f64 graph.Kernel) (graph.Kernel, error) {
	switch b.Out.Dtype {
	case tensor.Float32:
		return f32, nil
	case tensor.Float64:
		return f64, nil
	}
	return nil, errors.Errorf("dtype %v is not supported; want float32 or float64", b.Out.Dtype)
}

// unaryFloat is the shape rule of an elementwise op on floats.
func unaryFloat(in []graph.Spec) (graph.Spec, error) { return graph.SameFloat(in) }

// mapKernel computes an elementwise op by a function over slices of equal
// length; out may be x itself.
func mapKernel(f32 func(out, x []float32), f64 func(out, x []float64)) func(*graph.Binding) (graph.Kernel, error) {
	return graph.Elementwise(f32, f64)
}

// zipKernel computes an elementwise op of two operands of equal shape, such as
// the gradient of an activation from (grad, x or y); out may be either.
func zipKernel(f32 func(out, a, b []float32), f64 func(out, a, b []float64)) func(*graph.Binding) (graph.Kernel, error) {
	return func(b *graph.Binding) (graph.Kernel, error) {
		return floatKernel(b, zipOver(f32), zipOver(f64))
	}
}

func zipOver[T float](f func(out, a, b []T)) graph.Kernel {
	body := func(c *graph.Call, lo, hi int) {
		f(elements[T](c.Out)[lo:hi], elements[T](c.In[0])[lo:hi], elements[T](c.In[1])[lo:hi])
	}
	return func(c *graph.Call) error {
		c.Split(c.Out.Size(), grain, body)
		return nil
	}
}

// sameTwo is the shape rule of an op of two float operands of equal shape.
func sameTwo(in []graph.Spec) (graph.Spec, error) {
	if len(in) != 2 {
		return graph.Spec{}, errors.Errorf("takes two inputs, but %d came", len(in))
	}
	a, b := in[0], in[1]
	if !a.IsFloat() || a.Dtype != b.Dtype {
		return a, errors.Errorf("the inputs are %v and %v; want one float dtype", a, b)
	}
	out := graph.Spec{Dtype: a.Dtype, Shape: a.Shape.Clone()}
	if a.Rank() != b.Rank() {
		return a, errors.Errorf("the inputs are %v and %v; want equal shapes", a, b)
	}
	for i := range out.Shape {
		switch {
		case out.Shape[i] < 0:
			out.Shape[i] = b.Shape[i]
		case b.Shape[i] >= 0 && b.Shape[i] != out.Shape[i]:
			return a, errors.Errorf("the inputs are %v and %v; want equal shapes", a, b)
		}
	}
	return out, nil
}

// only returns the gradients of an op whose first input alone has one.
func only(grad *gorgonia.Node) gorgonia.Nodes { return gorgonia.Nodes{grad} }
