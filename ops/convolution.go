package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// ConvolutionConfig configures Convolution. The zero value has stride 1, no
// padding, and the channels last.
type ConvolutionConfig struct {
	Strides    [2]int     // along height and width; 0 for 1
	Padding    Padding    // default Valid
	Pads       [2][2]int  // explicit zeros around the image, {{top, bottom}, {left, right}}; with Valid only
	Dilations  [2]int     // the distance of a window's elements along height and width; 0 for 1
	Groups     int        // of channels that do not see each other; 0 for 1
	DataFormat DataFormat // of x and the result; default ChannelsLast
}

// Convolution slides windows over images and multiplies each with a kernel. With the
// channels last,
//
//	x [batch, height, width, in], kernel [kh, kw, in/groups, out] -> y [batch, height', width', out]
//
//	y[n, i, j, o] = sum over p, q, c of x[n, i*stride+p*dilation-top, j*stride+q*dilation-left, g*in/groups+c] * kernel[p, q, c, o]
//
// with g the group of o; x is zero outside. As everywhere in deep learning it is a
// correlation: the kernel is not flipped. Padding gives the formulas for height' and
// width'. With ChannelsFirst x is [batch, in, height, width], and y likewise; the
// kernel stays as it is, HWIO, which is TensorFlow's. PyTorch's is OIHW.
//
// float32 or float64, both of one dtype; any size may be unknown. in and out must be
// divisible by groups. An image's bits do not depend on the other images. The
// gradients are ops with gradients themselves; one for the kernel sums over the images
// in an order that depends on the shapes alone.
//
// ops.Conv2D is the layer, with variables.
//
// TF: tf.nn.conv2d. PyTorch: torch.nn.functional.conv2d. Dtypes: float. Gradient: yes.
func Convolution(s *graph.Scope, x, kernel *gorgonia.Node, cfg ConvolutionConfig) *gorgonia.Node {
	const name = "Conv2D"
	c, err := cfg.check()
	if err == nil && x != nil && kernel != nil {
		if err = checkImages(graph.SpecOf(x), cfg.DataFormat); err == nil {
			err = c.checkLayout(graph.SpecOf(x), graph.SpecOf(kernel), cfg.DataFormat)
		}
	}
	if err != nil {
		return s.Fail(name, gorgonia.Nodes{x, kernel}, graph.SpecOf(x), err)
	}
	if cfg.DataFormat == ChannelsLast || x == nil || kernel == nil {
		return c.forward(s, x, kernel)
	}
	return s.Compose(func(s *graph.Scope) *gorgonia.Node {
		return cfg.DataFormat.fromLast(s, c.forward(s, cfg.DataFormat.toLast(s, x), kernel))
	})
}

// convolution is a convolution of images with the channels last.
type convolution struct {
	slidingWindow
	groups int
}

// check returns the convolution that cfg describes.
func (cfg ConvolutionConfig) check() (convolution, error) {
	w, err := newSlidingWindow(cfg.Strides, cfg.Dilations, cfg.Padding, cfg.Pads)
	if err == nil {
		err = cfg.DataFormat.check()
	}
	if err == nil && cfg.Groups < 0 {
		err = errors.Errorf("Groups is %d; want a positive number, or 0 for 1", cfg.Groups)
	}
	return convolution{w, max(1, cfg.Groups)}, err
}

// checkImages returns an error unless x is a batch of images of floats.
func checkImages(x graph.Spec, f DataFormat) error {
	if _, err := f.imagesOf(x); err != nil {
		return err
	}
	return floats.check(x)
}

// forward is the convolution.
func (c convolution) forward(s *graph.Scope, x, kernel *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:   "Conv2D",
		Attrs:  c.attrs(c.groups),
		Infer:  c.infer,
		Kernel: byDtype{f32: convolve[float32](c), f64: convolve[float64](c)}.first,
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return gorgonia.Nodes{c.inputGrad(s, grad, in[1], in[0]), c.kernelGrad(s, in[0], grad, in[1])}
		},
		MultiplyAdds: func(in []graph.Spec, out graph.Spec) int64 { return windowProducts(out, in[1]) },
	}, x, kernel)
}

// infer is the shape rule of the convolution.
func (c convolution) infer(in []graph.Spec) (graph.Spec, error) {
	if len(in) != 2 {
		return graph.Spec{}, errors.Errorf("takes two inputs, but %d came", len(in))
	}
	x, kernel := in[0], in[1]
	out := graph.Spec{Dtype: x.Dtype, Shape: tensor.Shape{graph.Unknown, graph.Unknown, graph.Unknown, graph.Unknown}}
	if err := checkImages(x, ChannelsLast); err != nil {
		return out, err
	}
	out.Shape[0] = x.Shape[0]
	if kernel.Rank() != 4 || kernel.Dtype != x.Dtype {
		return out, errors.Errorf("x is %v and the kernel %v; want a kernel [height, width, in/groups, out] of the dtype of x (ops.Cast converts)", x, kernel)
	}
	out.Shape[3] = kernel.Shape[3]
	if err := c.checkChannels(x.Shape[3], kernel.Shape[2], kernel.Shape[3]); err != nil {
		return out, errors.Wrapf(err, "x is %v and the kernel %v", x, kernel)
	}
	for a := range spatial {
		n, _, err := c.along(a, x.Shape[1+a], kernel.Shape[a])
		if err != nil {
			return out, errors.Wrapf(err, "x is %v, %s, and the kernel %v", x, ChannelsLast.layout(4), kernel)
		}
		out.Shape[1+a] = n
	}
	return out, nil
}

// checkDivisible returns an error unless the groups share the channels out.
func (c convolution) checkDivisible(in, out int) error {
	switch {
	case in >= 0 && in%c.groups != 0:
		return errors.Errorf("%d channels cannot be divided into %d groups", in, c.groups)
	case out >= 0 && out%c.groups != 0:
		return errors.Errorf("%d channels out cannot be divided into %d groups", out, c.groups)
	}
	return nil
}

// checkChannels returns an error where the channels of x, those that an element of the
// kernel sees, and those of y do not fit the groups.
func (c convolution) checkChannels(in, seen, out int) error {
	if err := c.checkDivisible(in, out); err != nil {
		return err
	}
	if in >= 0 && seen >= 0 && in != seen*c.groups {
		return errors.Errorf("of %d channels in %d group(s), the kernel should see %d, but its third axis is %d", in, c.groups, in/c.groups, seen)
	}
	return nil
}

// checkLayout returns an error where the channels of x would fit the kernel if they stood
// where the other format has them.
func (c convolution) checkLayout(x, kernel graph.Spec, f DataFormat) error {
	if kernel.Rank() != 4 || kernel.Shape[2] < 0 {
		return nil
	}
	want := kernel.Shape[2] * c.groups
	other := ChannelsFirst
	if f == ChannelsFirst {
		other = ChannelsLast
	}
	if in := x.Shape[f.channelAxis(4)]; in >= 0 && in != want && x.Shape[other.channelAxis(4)] == want {
		return errors.Errorf("x is %v, with %d channels as %s; the kernel %v takes %d, which x has as %s (DataFormat %v)",
			x, in, f.layout(4), kernel, want, other.layout(4), other)
	}
	return nil
}

// geometry is the convolution of known shapes.
func (c convolution) geometry(x, weights, y tensor.Shape) (*kernel.Conv, error) {
	g := &kernel.Conv{
		Batch: x[0], Groups: c.groups,
		In: [2]int{x[1], x[2]}, Out: [2]int{y[1], y[2]}, InChannels: x[3], OutChannels: y[3],
		Size: [2]int{weights[0], weights[1]}, Stride: c.strides, Dilation: c.dilations,
	}
	for a := range spatial {
		out, before, err := c.along(a, g.In[a], g.Size[a])
		if err != nil {
			return nil, err
		}
		if out != g.Out[a] {
			return nil, errors.Errorf("the %s of the result is %d; want %d", spatial[a], g.Out[a], out)
		}
		g.Before[a] = before
	}
	return g, nil
}

// windowProducts counts the multiplications with an addition of a convolution whose result is y.
func windowProducts(y, kernel graph.Spec) int64 {
	return int64(sizeOf(y.Shape)) * int64(sizeOf(kernel.Shape[:3]))
}

func convolve[T float](c convolution) binder {
	return func(b *graph.Binding) (graph.Kernel, error) {
		g, err := c.geometry(b.In[0].Shape, b.In[1].Shape, b.Out.Shape)
		if err != nil {
			return nil, err
		}
		b.Finishes()
		b.TakesRow()
		b.TakesRectifier()
		b.LinearIn(1)
		weights := packed(b, g.PackedSize(), func(packed, weights []T) { kernel.PackKernel(g, packed, weights) })
		return func(call *graph.Call) error {
			kernel.Convolve(g, elements[T](call.Out), elements[T](call.In[0]), weights(call), afterRows[T](call))
			return nil
		}, nil
	}
}

// packed returns where a step finds input 1 in the n elements that pack makes of it, or as
// it is where n is 0.
func packed[T float](b *graph.Binding, n int, pack func(packed, weights []T)) func(c *graph.Call) []T {
	if n == 0 {
		return func(c *graph.Call) []T { return elements[T](c.In[1]) }
	}
	k := b.Prepares(b.Out.Dtype, n, []int{1}, func(c *graph.Call, packed *graph.Array) { pack(elements[T](packed), elements[T](c.In[1])) })
	return func(c *graph.Call) []T { return elements[T](c.Prepared[k]) }
}
