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
	Size      [2]int // of a window, height and width: default {2, 2}
	Strides   [2]int // from one window to the next: default Size
	Dilations [2]int // from one element of a window to the next: default {1, 1}

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
// that Padding gives. A window that has a NaN gives NaN, as in PyTorch; one
// that has no element of x, which only a dilated one may, gives -Inf.
//
// The gradient goes to the first element, row by row, that is the maximum, as in
// PyTorch and on TensorFlow's CPU.
//
// TF: tf.nn.max_pool. PyTorch: torch.nn.functional.max_pool2d. Dtypes: float. Gradient: yes.
func MaxPool2D(s *graph.Scope, x *gorgonia.Node, cfg MaxPool2DConfig) *gorgonia.Node {
	p := newWindow2D(cfg.DataFormat, cfg.Size, cfg.Strides, cfg.Dilations, cfg.Padding, cfg.Pads, cfg.CeilMode)
	return graph.Apply(s, graph.OpDef{
		Name:  "MaxPool",
		Attrs: p.attrs(),
		Infer: func(in []graph.Spec) (graph.Spec, error) { return p.infer(in[0]) },
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

// maxPool takes the maxima of columns first, over whole rows, and of what these
// leave along the rows.
func maxPool[T float](b *graph.Binding, v *windows) graph.Kernel {
	width := v.w * v.inner
	scratch := v.scratch(b, b.Out.Dtype, v.chunk, width)
	body := func(c *graph.Call, lo, hi int) {
		x, y := elements[T](c.In[0]), elements[T](c.Out)
		own := elements[T](c.Scratch[scratch])[lo/v.chunk*width:][:width]
		n := len(v.cols) * v.inner
		for r := lo; r < hi; r++ {
			rows := v.rows[r%len(v.rows)]
			plane := x[r/len(v.rows)*v.h*width:][:v.h*width]
			tops := own
			switch rows.n {
			case 0:
				repeat(tops, T(math.Inf(-1)))
			case 1:
				tops = plane[rows.from*width:][:width]
			default:
				kernel.Maximum(tops, plane[rows.from*width:][:width], plane[(rows.from+v.rowStep)*width:][:width])
				for k := 2; k < rows.n; k++ {
					kernel.Maximum(tops, tops, plane[(rows.from+k*v.rowStep)*width:][:width])
				}
			}
			if v.inner == 1 {
				maxAlong(y[r*n:][:n], tops, v)
			} else {
				maxOfPixels(y[r*n:][:n], tops, v)
			}
		}
	}
	return func(c *graph.Call) error {
		c.Split(v.count(), v.chunk, body)
		return nil
	}
}

// maxAlong takes the maxima of windows over single numbers.
func maxAlong[T float](y, x []T, v *windows) {
	for j, w := range v.cols {
		m := T(math.Inf(-1))
		for k, at := 0, w.from; k < w.n; k++ {
			m = max(m, x[at])
			at += v.colStep
		}
		y[j] = m
	}
}

// maxOfPixels takes the maxima of windows over pixels of several channels.
func maxOfPixels[T float](y, x []T, v *windows) {
	n := v.inner
	for j, w := range v.cols {
		out := y[j*n:][:n]
		switch w.n {
		case 0:
			repeat(out, T(math.Inf(-1)))
		case 1:
			copy(out, x[w.from*n:])
		default:
			kernel.Maximum(out, x[w.from*n:][:n], x[(w.from+v.colStep)*n:][:n])
			for k := 2; k < w.n; k++ {
				kernel.Maximum(out, out, x[(w.from+k*v.colStep)*n:][:n])
			}
		}
	}
}
