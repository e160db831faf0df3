package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// GLU is the gated linear unit of Dauphin et al. (2016): the first half of x
// along an axis times the sigmoid of the second half. Negative axes count from
// the last; -1 is usual. [..., 2*n, ...] -> [..., n, ...], float32 or float64;
// the axis must be even and may be unknown.
//
// The gradient is grad*sigmoid(b) for the first half a, and
// grad*a*sigmoid(b)*sigmoid(-b) for the second half b.
//
// TF: none. PyTorch: torch.nn.functional.glu. Dtypes: float. Gradient: yes.
func GLU(s *graph.Scope, x *gorgonia.Node, axis int) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  "glu",
		Attrs: map[string]interface{}{"axis": axis},
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			x, err := graph.SameFloat(in)
			if err != nil {
				return x, err
			}
			a, err := axisOf(axis, x.Rank())
			if err != nil {
				return x, err
			}
			out := graph.Spec{Dtype: x.Dtype, Shape: x.Shape.Clone()}
			if d := x.Shape[a]; d >= 0 {
				out.Shape[a] = d / 2
				if d%2 != 0 {
					return out, errors.Errorf("the input is %v; want an even size along axis %d, to halve it", x, axis)
				}
			}
			return out, nil
		},
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			return floatKernel(b, gluKernel[float32](b.Out, axis), gluKernel[float64](b.Out, axis))
		},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return only(gluGrad(s, grad, in[0], axis))
		},
	}, x)
}

// gluGrad is the gradient of GLU with respect to x.
func gluGrad(s *graph.Scope, grad, x *gorgonia.Node, axis int) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  "glu_grad",
		Attrs: map[string]interface{}{"axis": axis},
		Infer: func(in []graph.Spec) (graph.Spec, error) { return in[1], nil },
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			return floatKernel(b, gluGradKernel[float32](b.In[0], axis), gluGradKernel[float64](b.In[0], axis))
		},
		InPlace: []int{1},
		Composite: func(s *graph.Scope, in gorgonia.Nodes) gorgonia.Nodes {
			dy, x := in[0], in[1]
			rank := graph.SpecOf(x).Rank()
			at, _ := axisOf(axis, rank)
			half := window{begin: make([]int, rank), axis: at}
			a := sliceAt(s, x, dy, half)
			half.before = gorgonia.Nodes{dy}
			b := sliceAt(s, x, dy, half)
			gate := Sigmoid(s, b)
			da := Mul(s, dy, gate)
			return only(Concat(s, at, da, Mul(s, Mul(s, da, a), Sigmoid(s, Neg(s, b)))))
		},
	}, grad, x)
}

// halves cuts an array into rows of which n elements belong to the first half
// and n to the second; half has the shape of either.
func halves(half graph.Spec, axis int) (rows, n, rowGrain int) {
	a, _ := axisOf(axis, half.Rank())
	rows, n = sizeOf(half.Shape[:a]), sizeOf(half.Shape[a:])
	return rows, n, max(1, rowGrainElements/max(1, n))
}

func gluKernel[T float](half graph.Spec, axis int) graph.Kernel {
	rows, n, rowGrain := halves(half, axis)
	body := func(c *graph.Call, lo, hi int) {
		y, x := elements[T](c.Out), elements[T](c.In[0])
		for r := lo; r < hi; r++ {
			row, a, b := y[r*n:(r+1)*n], x[2*r*n:][:n], x[(2*r+1)*n:][:n]
			kernel.Sigmoid(row, b)
			kernel.Mul(row, row, a)
		}
	}
	return func(c *graph.Call) error {
		c.Split(rows, rowGrain, body)
		return nil
	}
}

func gluGradKernel[T float](half graph.Spec, axis int) graph.Kernel {
	rows, n, rowGrain := halves(half, axis)
	body := func(c *graph.Call, lo, hi int) {
		dx, dy, x := elements[T](c.Out), elements[T](c.In[0]), elements[T](c.In[1])
		for r := lo; r < hi; r++ {
			g, a, b := dy[r*n:(r+1)*n], x[2*r*n:][:n], x[(2*r+1)*n:][:n]
			da, db := dx[2*r*n:][:n], dx[(2*r+1)*n:][:n]
			for i, d := range g {
				gate, rest := logistic(b[i])
				d *= gate
				db[i] = d * a[i] * rest
				da[i] = d
			}
		}
	}
	return func(c *graph.Call) error {
		c.Split(rows, rowGrain, body)
		return nil
	}
}
