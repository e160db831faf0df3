package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// AvgPool2DConfig configures AvgPool2D. The zero value takes the means of 2 x 2
// windows side by side.
type AvgPool2DConfig struct {
	Size    [2]int // of a window, height and width; 0 for 2
	Strides [2]int // from one window to the next; 0 for its size

	// Padding is Valid by default, as in tf.layers.
	Padding Padding
	// Pads are rows above and below, and columns left and right, with Valid
	// padding; each less than a window's size. PyTorch's padding=1 is {{1, 1}, {1, 1}}.
	Pads [2][2]int
	// CountPadding takes padding into the mean, as zeros: PyTorch's
	// count_include_pad, which is true there by default. In TensorFlow, and here
	// by default, a mean is one of elements of x only.
	CountPadding bool
	// CeilMode rounds the number of windows up, as PyTorch's ceil_mode. What
	// these windows take beyond the padding never counts.
	CeilMode bool

	DataFormat DataFormat // default ChannelsLast
}

// AvgPool2D is the mean of each window of each channel.
//
//	y[n, i, j, c] = mean over k, l of x[n, i*stride + k - top, j*stride + l - left, c]
//
// x is float32 or float64, [batch, height, width, channels], or [batch,
// channels, height, width] with ChannelsFirst; sizes may be unknown. The sizes of y are those
// that Padding gives. The gradient spreads grad evenly over each window.
//
// TF: tf.nn.avg_pool. PyTorch: torch.nn.functional.avg_pool2d. Dtypes: float. Gradient: yes.
func AvgPool2D(s *graph.Scope, x *gorgonia.Node, cfg AvgPool2DConfig) *gorgonia.Node {
	p, err := newWindow2D(cfg.Size, cfg.Strides, [2]int{}, cfg.Padding, cfg.Pads, cfg.CeilMode)
	return pool(s, x, cfg.DataFormat, "AvgPool", p, err, meanOfWindows{"AvgPool", p, cfg.CountPadding}.apply)
}

// meanOfWindows is the mean of windows of images with the channels last, and its adjoint.
type meanOfWindows struct {
	name string
	windowing
	countPadding bool
}

func (p meanOfWindows) attrs() map[string]interface{} {
	a := p.windowing.attrs()
	if _, sliding := p.windowing.(window2D); sliding {
		delete(a, "dilations")
		a["count_include_pad"] = p.countPadding
	}
	return a
}

func (p meanOfWindows) apply(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  p.name,
		Attrs: p.attrs(),
		Infer: func(in []graph.Spec) (graph.Spec, error) { return p.inferIn(in[0], ChannelsLast) },
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			v, err := p.over(b.In[0])
			if err != nil {
				return nil, err
			}
			return floatKernel(b, avgPool[float32](b, v, p.countPadding), avgPool[float64](b, v, p.countPadding))
		},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return only(p.spread(s, grad, in[0]))
		},
	}, x)
}

// spread gives the elements of x, of which only the shape is used, their share
// of grad.
func (p meanOfWindows) spread(s *graph.Scope, grad, x *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  p.name + "Grad",
		Attrs: p.attrs(),
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			out := graph.Spec{Dtype: in[0].Dtype, Shape: in[1].Shape}
			y, err := p.inferIn(out, ChannelsLast)
			if err == nil && !graph.Compatible(in[0].Shape, y.Shape) {
				err = errors.Errorf("grad is %v; want %v", in[0], y)
			}
			return out, err
		},
		ShapeOnly: []int{1},
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			v, err := p.over(b.In[1])
			if err != nil {
				return nil, err
			}
			return floatKernel(b, avgPoolSpread[float32](b, v, p.countPadding), avgPoolSpread[float64](b, v, p.countPadding))
		},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return gorgonia.Nodes{p.apply(s, grad), nil}
		},
	}, grad, x)
}

// members is by how many elements a window divides.
func members(rows, cols taps, countPadding bool) int {
	if countPadding {
		return rows.size * cols.size
	}
	return rows.n * cols.n
}

func avgPool[T float](b *graph.Binding, v *windows, countPadding bool) graph.Kernel {
	return v.gatherRows(b, func(c *graph.Call, row int) {
		x, y := elements[T](c.In[0]), elements[T](c.Out)
		v.each(row, func(at, from int, w kernel.Windows, rows, cols taps) {
			kernel.MeanWindows(y[at:], x[from:], T(members(rows, cols, countPadding)), w)
		})
	})
}

func avgPoolSpread[T float](b *graph.Binding, v *windows, countPadding bool) graph.Kernel {
	return scatterRows[T](b, v, func(c *graph.Call, row int) {
		dx, dy := elements[T](c.Out), elements[T](c.In[0])
		v.each(row, func(at, from int, w kernel.Windows, rows, cols taps) {
			kernel.MeanWindowsGrad(dx[from:], dy[at:], T(members(rows, cols, countPadding)), w)
		})
	})
}
