package ops

import (
	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/graph"
)

// zipKernel computes an elementwise op of two operands of equal shape, such as
// the gradient of an activation from (grad, x or y); out may be either.
func zipKernel(f32 func(out, a, b []float32), f64 func(out, a, b []float64)) func(*graph.Binding) (graph.Kernel, error) {
	return func(b *graph.Binding) (graph.Kernel, error) {
		return floatLoop(b, zipOver(f32), zipOver(f64))
	}
}

// zipOver is the loop of f for one element type.
func zipOver[T float](f func(out, a, b []T)) graph.Loop {
	return func(c *graph.Call, lo, hi int) {
		f(elements[T](c.Out)[lo:hi], elements[T](c.In[0])[lo:hi], elements[T](c.In[1])[lo:hi])
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

// zip3Kernel computes an elementwise op of three operands of equal shape; out may
// be any of them.
func zip3Kernel(f32 func(out, a, b, c []float32), f64 func(out, a, b, c []float64)) func(*graph.Binding) (graph.Kernel, error) {
	return func(b *graph.Binding) (graph.Kernel, error) {
		return floatLoop(b, zip3Over(f32), zip3Over(f64))
	}
}

// zip3Over is the loop of f for one element type.
func zip3Over[T float](f func(out, a, b, c []T)) graph.Loop {
	return func(c *graph.Call, lo, hi int) {
		f(elements[T](c.Out)[lo:hi], elements[T](c.In[0])[lo:hi], elements[T](c.In[1])[lo:hi], elements[T](c.In[2])[lo:hi])
	}
}

// sameThree is the shape rule of an op of three float operands of equal shape.
func sameThree(in []graph.Spec) (graph.Spec, error) {
	if len(in) != 3 {
		return graph.Spec{}, errors.Errorf("takes three inputs, but %d came", len(in))
	}
	out, err := sameTwo(in[:2])
	if err != nil {
		return out, err
	}
	return sameTwo([]graph.Spec{out, in[2]})
}
