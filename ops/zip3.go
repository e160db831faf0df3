package ops

import (
	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/graph"
)

// zip3Kernel computes an elementwise op of three operands of equal shape; out may
// be any of them.
func zip3Kernel(f32 func(out, a, b, c []float32), f64 func(out, a, b, c []float64)) func(*graph.Binding) (graph.Kernel, error) {
	return func(b *graph.Binding) (graph.Kernel, error) {
		return floatKernel(b, zip3Over(f32), zip3Over(f64))
	}
}

func zip3Over[T float](f func(out, a, b, c []T)) graph.Kernel {
	body := func(c *graph.Call, lo, hi int) {
		f(elements[T](c.Out)[lo:hi], elements[T](c.In[0])[lo:hi], elements[T](c.In[1])[lo:hi], elements[T](c.In[2])[lo:hi])
	}
	return func(c *graph.Call) error {
		c.Split(c.Out.Size(), grain, body)
		return nil
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
