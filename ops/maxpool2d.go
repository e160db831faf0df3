package ops

import (
	"math"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// MaxPool2DConfig configures MaxPool2D. The zero value takes the maxima of 2 x 2
// windows side by side.
type MaxPool2DConfig struct {
	Size      [2]int // of a window, height and width; 0 for 2
	Strides   [2]int // from one window to the next; 0 for its size
	Dilations [2]int // from one element of a window to the next; 0 for 1

	// Padding is Valid by default, as in tf.layers. Elements of padding are
	// never the maximum.
	Padding Padding
	// Pads are rows above and below, and columns left and right, with Valid
	// padding; each less than a window's extent. PyTorch's padding=1 is {{1, 1}, {1, 1}}.
	Pads [2][2]int
	// CeilMode rounds the number of windows up, as PyTorch's ceil_mode: the last
	// ones may reach beyond the border.
	CeilMode bool

	DataFormat DataFormat // default ChannelsLast
}

// MaxPool2D is the greatest element of each window of each channel.
//
//	y[n, i, j, c] = max over k, l of x[n, i*stride + k*dilation - top, j*stride + l*dilation - left, c]
//
// x is float32 or float64, [batch, height, width, channels], or [batch,
// channels, height, width] with ChannelsFirst; sizes may be unknown. The sizes of y are those
// that Padding gives. A window that has a NaN gives NaN, as in PyTorch (TensorFlow's CPU
// may lose it); one that has no element of x, which only a dilated one may, gives -Inf.
//
// The gradient goes to the first element, row by row, that is the maximum, as in
// PyTorch and on TensorFlow's CPU; to the first NaN where there is one. It finds the
// element again by comparing x with the result: an extra output with the places would
// have to be written and kept, and x is there, since what computed it needs it for its own gradient.
//
// TF: tf.nn.max_pool. PyTorch: torch.nn.functional.max_pool2d. Dtypes: float. Gradient: yes.
func MaxPool2D(s *graph.Scope, x *gorgonia.Node, cfg MaxPool2DConfig) *gorgonia.Node {
	p, err := newWindow2D(cfg.Size, cfg.Strides, cfg.Dilations, cfg.Padding, cfg.Pads, cfg.CeilMode)
	return pool(s, x, cfg.DataFormat, "MaxPool", p, err, p.maxima)
}

// maxima is MaxPool2D of images with the channels last.
func (p window2D) maxima(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  "MaxPool",
		Attrs: p.attrs(),
		Infer: func(in []graph.Spec) (graph.Spec, error) { return p.inferIn(in[0], ChannelsLast) },
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			v, err := p.over(b.In[0])
			if err != nil {
				return nil, err
			}
			return floatKernel(b, maxPool[float32](b, v), maxPool[float64](b, v))
		},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return only(maxPoolGrad(s, grad, in[0], out, p))
		},
	}, x)
}

func maxPool[T float](b *graph.Binding, v *windows) graph.Kernel {
	return v.gatherRows(b, func(c *graph.Call, row int) {
		x, y := elements[T](c.In[0]), elements[T](c.Out)
		v.each(row, func(at, from int, w kernel.Windows, rows, cols taps) {
			out := y[at:][:w.Count*w.Channels]
			if rows.n == 0 || cols.n == 0 {
				repeat(out, T(math.Inf(-1)))
				return
			}
			kernel.MaxWindows(out, x[from:], w)
		})
	})
}
