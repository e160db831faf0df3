package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// A convolution is linear in the image and in the kernel, and so are its two
// gradients in what they take; that is why the gradients of the three are the three
// themselves.

// inputGrad is the gradient of the convolution for its images, which have the shape
// of like: dy [batch, height', width', out], kernel [kh, kw, in/groups, out] -> [batch, height, width, in].
func (c convolution) inputGrad(s *graph.Scope, dy, kernel, like *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  "Conv2DBackpropInput",
		Attrs: c.attrs(c.groups),
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			dy, kernel, like := in[0], in[1], in[2]
			y, err := c.infer([]graph.Spec{like, kernel})
			if err == nil {
				err = sameSpec(dy, y)
			}
			return like, err
		},
		Kernel:    byDtype{f32: convolveInput[float32](c), f64: convolveInput[float64](c)}.first,
		ShapeOnly: []int{2},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return gorgonia.Nodes{c.forward(s, grad, in[1]), c.kernelGrad(s, grad, in[0], in[1]), nil}
		},
		MultiplyAdds: func(in []graph.Spec, out graph.Spec) int64 { return windowProducts(in[0], in[1]) },
	}, dy, kernel, like)
}

// kernelGrad is the gradient of the convolution for its kernel, which has the shape of
// like: x [batch, height, width, in], dy [batch, height', width', out] -> [kh, kw, in/groups, out].
func (c convolution) kernelGrad(s *graph.Scope, x, dy, like *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  "Conv2DBackpropFilter",
		Attrs: c.attrs(c.groups),
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			x, dy, like := in[0], in[1], in[2]
			y, err := c.infer([]graph.Spec{x, like})
			if err == nil {
				err = sameSpec(dy, y)
			}
			return like, err
		},
		Kernel:    byDtype{f32: convolveKernel[float32](c), f64: convolveKernel[float64](c)}.first,
		ShapeOnly: []int{2},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return gorgonia.Nodes{c.inputGrad(s, in[1], grad, in[0]), c.forward(s, in[0], grad), nil}
		},
		MultiplyAdds: func(in []graph.Spec, out graph.Spec) int64 { return windowProducts(in[1], out) },
	}, x, dy, like)
}

// sameSpec returns an error unless a gradient may have the spec of what it belongs to.
func sameSpec(dy, y graph.Spec) error {
	if dy.Dtype != y.Dtype || !graph.Compatible(dy.Shape, y.Shape) {
		return errors.Errorf("the gradient is %v; want that of %v", dy, y)
	}
	return nil
}

func convolveInput[T float](c convolution) binder {
	return func(b *graph.Binding) (graph.Kernel, error) {
		dy := b.In[0].Shape
		g, err := c.geometry(b.Out.Shape, b.In[1].Shape, dy)
		if err != nil {
			return nil, err
		}
		b.Finishes()
		weights := packed(b, g.PackedInputSize(), func(packed, weights []T) { kernel.PackInputKernel(g, packed, weights) })
		return func(call *graph.Call) error {
			kernel.ConvolveInput(g, elements[T](call.Out), elements[T](call.In[0]), weights(call), follower[T](call))
			return nil
		}, nil
	}
}

func convolveKernel[T float](c convolution) binder {
	return func(b *graph.Binding) (graph.Kernel, error) {
		g, err := c.geometry(b.In[0].Shape, b.Out.Shape, b.In[1].Shape)
		if err != nil {
			return nil, err
		}
		b.Finishes()
		b.Accumulates()
		scratch := b.Scratch(b.Out.Dtype, g.ConvolveKernelScratch())
		return func(call *graph.Call) error {
			alpha, beta := call.Scale()
			kernel.ConvolveKernel(g, T(alpha), elements[T](call.In[0]), elements[T](call.In[1]), T(beta), elements[T](call.Out), elements[T](call.Scratch[scratch]), follower[T](call))
			return nil
		}, nil
	}
}

// transposed is the transposed convolution as an op of its own: inputGrad of images
// whose size follows from that of x and, behind it, extra rows and columns.
func (c convolution) transposed(s *graph.Scope, x, kernel *gorgonia.Node, extra [2]int) *gorgonia.Node {
	attrs := c.attrs(c.groups)
	attrs["output_padding"] = extra
	return graph.Apply(s, graph.OpDef{
		Name:   "Conv2DTranspose",
		Attrs:  attrs,
		Infer:  func(in []graph.Spec) (graph.Spec, error) { return c.inferTransposed(in, extra) },
		Kernel: byDtype{f32: convolveInput[float32](c), f64: convolveInput[float64](c)}.first,
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return gorgonia.Nodes{c.forward(s, grad, in[1]), c.kernelGrad(s, grad, in[0], in[1])}
		},
		MultiplyAdds: func(in []graph.Spec, out graph.Spec) int64 { return windowProducts(in[0], in[1]) },
	}, x, kernel)
}

// inferTransposed is the shape rule of the transposed convolution.
func (c convolution) inferTransposed(in []graph.Spec, extra [2]int) (graph.Spec, error) {
	x, kernel := in[0], in[1]
	out := graph.Spec{Dtype: x.Dtype, Shape: tensor.Shape{graph.Unknown, graph.Unknown, graph.Unknown, graph.Unknown}}
	if err := checkImages(x, ChannelsLast); err != nil {
		return out, err
	}
	out.Shape[0] = x.Shape[0]
	if kernel.Rank() != 4 || kernel.Dtype != x.Dtype {
		return out, errors.Errorf("x is %v and the kernel %v; want a kernel [height, width, out/groups, in] of the dtype of x (ops.Cast converts)", x, kernel)
	}
	if x.Shape[3] >= 0 && kernel.Shape[3] >= 0 && x.Shape[3] != kernel.Shape[3] {
		return out, errors.Errorf("x is %v and the kernel %v; the last axes, the channels that come in, must be equal", x, kernel)
	}
	if kernel.Shape[2] >= 0 {
		out.Shape[3] = kernel.Shape[2] * c.groups
	}
	if err := c.checkChannels(out.Shape[3], kernel.Shape[2], x.Shape[3]); err != nil {
		return out, errors.Wrapf(err, "x is %v and the kernel %v", x, kernel)
	}
	for a := range spatial {
		size, have := kernel.Shape[a], x.Shape[1+a]
		want := c.slidingWindow.transposed(a, have, size, extra[a])
		out.Shape[1+a] = want
		if want < 0 {
			continue
		}
		if n, _, err := c.along(a, want, size); err != nil || n != have {
			return out, errors.Errorf("x is %v and the kernel %v; the %s of the result would be %d, of which the pads leave nothing to spread over",
				x, kernel, spatial[a], want)
		}
	}
	return out, nil
}
