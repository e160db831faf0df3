package graph

import (
	"github.com/pkg/errors"
	"gorgonia.org/tensor"
)

// Elementwise is the OpDef.Kernel of an op of one input whose output has its
// dtype and shape, element i being computed from element i: by f32 or f64,
// which fill out from x, a slice of equal length and perhaps out itself. They
// see pieces of the arrays, as Binding.Pointwise says. Either function may be
// nil when the op is not for that dtype.
func Elementwise(f32 func(out, x []float32), f64 func(out, x []float64)) func(b *Binding) (Kernel, error) {
	return func(b *Binding) (Kernel, error) {
		switch dt := b.Out.Dtype; {
		case dt == tensor.Float32 && f32 != nil:
			return b.Pointwise(mapped(f32)), nil
		case dt == tensor.Float64 && f64 != nil:
			return b.Pointwise(mapped(f64)), nil
		default:
			return nil, errors.Errorf("the op has no kernel for %v", dtypeName(dt))
		}
	}
}

func mapped[T float32 | float64](f func(out, x []T)) Loop {
	return func(c *Call, lo, hi int) { f(elements[T](c.Out)[lo:hi], elements[T](c.In[0])[lo:hi]) }
}

// SameFloat is the shape rule of an op of one float32 or float64 input whose
// output has its dtype and shape.
func SameFloat(in []Spec) (Spec, error) {
	if len(in) != 1 {
		return Spec{}, errors.Errorf("takes one input, but %d came", len(in))
	}
	if !in[0].IsFloat() {
		return in[0], errors.Errorf("the input is %v; want float32 or float64 (ops.Cast converts)", in[0])
	}
	return in[0], nil
}
