package ops

import (
	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/graph"
)

// inferRowLoss is the shape rule of a loss of each row of float operands of one
// shape: [..., n] -> [...].
func inferRowLoss(of string) func(in []graph.Spec) (graph.Spec, error) {
	return inferLoss(of, func(in []graph.Spec) (graph.Spec, error) {
		out, err := sameTwo(in)
		if err == nil && out.Rank() == 0 {
			err = errors.Errorf("they are scalars, %v; want at least one axis, [..., n]", out)
		}
		out.Shape = out.Shape[:max(0, out.Rank()-1)]
		return out, err
	})
}

// rowLoss binds a function of each row of two operands, which have as many rows
// as the output has elements.
func rowLoss(f32 func(z, x []float32) float64, f64 func(z, x []float64) float64) func(*graph.Binding) (graph.Kernel, error) {
	return func(b *graph.Binding) (graph.Kernel, error) {
		return floatKernel(b, rowLossOver(b, f32), rowLossOver(b, f64))
	}
}

func rowLossOver[T float](b *graph.Binding, f func(z, x []T) float64) graph.Kernel {
	rows := sizeOf(b.Out.Shape)
	cols := sizeOf(b.In[0].Shape) / max(1, rows)
	body := func(c *graph.Call, lo, hi int) {
		loss, z, x := elements[T](c.Out), elements[T](c.In[0]), elements[T](c.In[1])
		for r := lo; r < hi; r++ {
			at := r * cols
			loss[r] = T(f(z[at:at+cols], x[at:at+cols]))
		}
	}
	rowGrain := max(1, rowGrainElements/max(1, cols))
	return func(c *graph.Call) error {
		c.Split(rows, rowGrain, body)
		return nil
	}
}
