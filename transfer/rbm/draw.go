package rbm

import (
	"math"
	"unsafe"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/philox"
)

// float lists the element types of a machine.
type float interface{ float32 | float64 }

// elements views an array as a slice of T, which must be its element type.
func elements[T float](a *graph.Array) []T {
	return unsafe.Slice((*T)(a.Pointer()), a.Size())
}

// uniform draws numbers on [0, 1), one for each element of x, of which only the shape and the dtype are used.
func uniform(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return draw(s, "RandomUniform", fill(philox.FillUniform[float32], 0, 1), fill(philox.FillUniform[float64], 0, 1), x)
}

// standardNormal draws from the normal distribution with mean 0 and variance 1, as uniform does.
func standardNormal(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return draw(s, "RandomNormal", fill(philox.FillNormal[float32], 0, 1), fill(philox.FillNormal[float64], 0, 1), x)
}

// filler makes the kernel of a draw from its key.
type filler func(key [2]uint32) graph.Kernel

func draw(s *graph.Scope, name string, f32, f64 filler, x *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:      name,
		Infer:     graph.SameFloat,
		ShapeOnly: []int{0},
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			key := philox.Key(b.Seed, b.Name)
			if b.Out.Dtype == tensor.Float64 {
				return f64(key), nil
			}
			return f32(key), nil
		},
		Draws:             true,
		NotDifferentiable: true,
	}, x)
}

// drawGrain is how many numbers one goroutine draws: some microseconds' worth of uniform ones.
const drawGrain = 8192

// fill computes element i from key, draw and i alone, so that the numbers do not depend on how the work is split.
func fill[T float](f func(dst []T, st philox.Stream, offset int, a, b T), a, b T) filler {
	return func(key [2]uint32) graph.Kernel {
		body := func(c *graph.Call, lo, hi int) {
			f(elements[T](c.Out)[lo:hi], philox.New(key, c.Draw), lo, a, b)
		}
		return func(c *graph.Call) error {
			c.Split(c.Out.Size(), drawGrain, body)
			return nil
		}
	}
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
