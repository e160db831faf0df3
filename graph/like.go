package graph

import (
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// OnesLike returns ones with the dtype and shape of x, whose value is not
// computed for it.
func OnesLike(s *Scope, x *gorgonia.Node) *gorgonia.Node { return filledLike(s, "OnesLike", x, 1) }

// ZerosLike returns zeros with the dtype and shape of x, whose value is not
// computed for it.
func ZerosLike(s *Scope, x *gorgonia.Node) *gorgonia.Node { return filledLike(s, "ZerosLike", x, 0) }

func filledLike(s *Scope, name string, x *gorgonia.Node, value int) *gorgonia.Node {
	return Apply(s, OpDef{
		Name:      name,
		Infer:     SameAs,
		ShapeOnly: []int{0},
		Kernel: func(b *Binding) (Kernel, error) {
			return func(c *Call) error { fillArray(c.Out, value); return nil }, nil
		},
		NotDifferentiable: true,
	}, x)
}

// fillArray sets every element to a small integer (for bool: not zero).
func fillArray(a *Array, value int) {
	switch a.dtype {
	case tensor.Float32:
		fillWith(a, float32(value))
	case tensor.Float64:
		fillWith(a, float64(value))
	case tensor.Int:
		fillWith(a, value)
	case tensor.Int32:
		fillWith(a, int32(value))
	case tensor.Int64:
		fillWith(a, int64(value))
	case tensor.Uint8:
		fillWith(a, uint8(value))
	case tensor.Bool:
		fillWith(a, value != 0)
	}
}

func fillWith[T any](a *Array, value T) {
	x := elements[T](a)
	for i := range x {
		x[i] = value
	}
}
