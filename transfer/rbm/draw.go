package rbm

import (
	"math"
	"unsafe"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// float lists the element types of a machine.
type float interface{ float32 | float64 }

// elements views an array as a slice of T, which must be its element type.
func elements[T float](a *graph.Array) []T {
	return unsafe.Slice((*T)(a.Pointer()), a.Size())
}

// below is 1 where u < p and 0 elsewhere: the state of units that are 1 with probability p, for uniform u.
func below(s *graph.Scope, u, p *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  "Bernoulli",
		Infer: sameShapes,
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			if b.Out.Dtype == tensor.Float64 {
				return b.Pointwise(below64), nil
			}
			return b.Pointwise(below32), nil
		},
		InPlace:           []int{0, 1},
		NotDifferentiable: true,
	}, u, p)
}

// below32 and below64 take the sign of u - p, which is zero only where they are equal, for 1 or 0: a branch would be mispredicted half the time.
func below32(c *graph.Call, lo, hi int) {
	y, u, p := elements[float32](c.Out)[lo:hi], elements[float32](c.In[0])[lo:hi], elements[float32](c.In[1])[lo:hi]
	for i := range y {
		sign := uint32(int32(math.Float32bits(u[i]-p[i])) >> 31)
		y[i] = math.Float32frombits(sign & 0x3f800000)
	}
}

func below64(c *graph.Call, lo, hi int) {
	y, u, p := elements[float64](c.Out)[lo:hi], elements[float64](c.In[0])[lo:hi], elements[float64](c.In[1])[lo:hi]
	for i := range y {
		sign := uint64(int64(math.Float64bits(u[i]-p[i])) >> 63)
		y[i] = math.Float64frombits(sign & 0x3ff0000000000000)
	}
}

// sameShapes is the shape rule of two equal inputs.
func sameShapes(in []graph.Spec) (graph.Spec, error) {
	if in[0].Dtype != in[1].Dtype || !graph.Compatible(in[0].Shape, in[1].Shape) {
		return in[0], errors.Errorf("the operands are %v and %v; they must be equal", in[0], in[1])
	}
	return in[0], nil
}
