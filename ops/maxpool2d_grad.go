package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// checkMaxPool tells whether x and the two others are a pooling's input and
// arrays of its output's size.
func (p window2D) checkMaxPool(x graph.Spec, others ...graph.Spec) error {
	y, err := p.inferIn(x, ChannelsLast)
	if err != nil {
		return err
	}
	for _, o := range others {
		if o.Dtype != x.Dtype || !graph.Compatible(o.Shape, y.Shape) {
			return errors.Errorf("x is %v and one of the others %v; want %v", x, o, y)
		}
	}
	return nil
}

// maxPoolGrad adds each element of grad to the first of its window in x that
// is the maximum, which y has. Its own gradient, for grad, picks elements from
// these places.
func maxPoolGrad(s *graph.Scope, grad, x, y *gorgonia.Node, p window2D) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  "MaxPoolGrad",
		Attrs: p.attrs(),
		Infer: func(in []graph.Spec) (graph.Spec, error) { return in[1], p.checkMaxPool(in[1], in[0], in[2]) },
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			v, err := p.over(b.In[1])
			if err != nil {
				return nil, err
			}
			return floatKernel(b, maxPoolScatter[float32](b, v), maxPoolScatter[float64](b, v))
		},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return gorgonia.Nodes{maxPoolPick(s, grad, in[1], in[2], p), nil, nil}
		},
	}, grad, x, y)
}

// maxPoolPick takes from z, of the shape of x, the element of each window at
// the place of its first maximum in x, which y has.
func maxPoolPick(s *graph.Scope, z, x, y *gorgonia.Node, p window2D) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  "MaxPoolGradGrad",
		Attrs: p.attrs(),
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			if _, err := sameTwo(in[:2]); err != nil {
				return in[2], err
			}
			return in[2], p.checkMaxPool(in[1], in[2])
		},
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			v, err := p.over(b.In[1])
			if err != nil {
				return nil, err
			}
			return floatKernel(b, maxPoolGather[float32](b, v), maxPoolGather[float64](b, v))
		},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return gorgonia.Nodes{maxPoolGrad(s, grad, in[1], in[2], p), nil, nil}
		},
	}, z, x, y)
}

func maxPoolScatter[T float](b *graph.Binding, v *windows) graph.Kernel {
	return scatterRows[T](b, v, func(c *graph.Call, row int) {
		dx, dy, x, y := elements[T](c.Out), elements[T](c.In[0]), elements[T](c.In[1]), elements[T](c.In[2])
		v.each(row, func(at, from int, w kernel.Windows, _, _ taps) {
			kernel.MaxWindowsGrad(dx[from:], dy[at:], x[from:], y[at:], w)
		})
	})
}

func maxPoolGather[T float](b *graph.Binding, v *windows) graph.Kernel {
	return v.gatherRows(b, func(c *graph.Call, row int) {
		out, z, x, y := elements[T](c.Out), elements[T](c.In[0]), elements[T](c.In[1]), elements[T](c.In[2])
		v.each(row, func(at, from int, w kernel.Windows, _, _ taps) {
			for i := range w.Count * w.Channels {
				pixel := from + i/w.Channels*w.Step + i%w.Channels
				out[at+i] = 0
				if first := kernel.FirstInWindow(x[pixel:], y[at+i], w); first >= 0 {
					out[at+i] = z[pixel+first]
				}
			}
		})
	})
}
