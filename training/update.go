package training

import (
	"unsafe"

	"github.com/pkg/errors"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// float lists the element types of trainable variables.
type float interface{ float32 | float64 }

// elements views an array as a slice of T, which must be its element type.
func elements[T any](a *graph.Array) []T {
	return unsafe.Slice((*T)(a.Pointer()), a.Size())
}

// piece is the elements [lo, hi) of input i.
func piece[T float](c *graph.Call, i, lo, hi int) []T { return elements[T](c.In[i])[lo:hi] }

// splitKernel runs the loop of an update over the elements of the variable; it
// chooses the loop by the variable's dtype.
func splitKernel(b *graph.Binding, f32, f64 graph.Loop) (graph.Kernel, error) {
	switch b.Out.Dtype {
	case tensor.Float32:
		return b.Pointwise(f32), nil
	case tensor.Float64:
		return b.Pointwise(f64), nil
	}
	return nil, errors.Errorf("dtype %v cannot be trained; want float32 or float64", b.Out.Dtype)
}

// inferUpdate is the shape rule of an update op whose first inputs are the
// variable, n slots like it and the gradient.
func inferUpdate(in []graph.Spec, n int) (graph.Spec, error) {
	v, grad := in[0], in[n+1]
	if grad.Dtype != v.Dtype || !graph.Compatible(grad.Shape, v.Shape) {
		return v, errors.Errorf("the gradient is %v, the variable %v: they must be equal", grad, v)
	}
	for _, slot := range in[1 : n+1] {
		if slot.Dtype != v.Dtype || !graph.Compatible(slot.Shape, v.Shape) {
			return v, errors.Errorf("a slot is %v, the variable %v: they must be equal", slot, v)
		}
	}
	return v, nil
}

// filled is the initializer that sets every element to a number.
type filled float64

// Initialize implements graph.Initializer.
func (f filled) Initialize(v *graph.Initial) error {
	switch v.Out.Dtype() {
	case tensor.Float32:
		fill(v.Out.Float32s(), float32(f))
	case tensor.Float64:
		fill(v.Out.Float64s(), float64(f))
	case tensor.Int64:
		fill(v.Out.Int64s(), int64(f))
	default:
		return errors.Errorf("variable %s is %v; want float32, float64 or int64", v.Name, v.Out.Dtype())
	}
	return nil
}

func fill[T any](x []T, value T) {
	for i := range x {
		x[i] = value
	}
}
