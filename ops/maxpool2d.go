package ops

import (
	"math"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// MaxPool2DConfig configures MaxPool2D. The zero value takes the maxima of 2 x 2
// windows side by side.
type MaxPool2DConfig struct {
	Size     [2]int // of a window, height and width: default {2, 2}
	Strides  [2]int // from one window to the next: default Size
	Dilation [2]int // from one element of a window to the next: default {1, 1}

	// Padding is VALID by default, as in tf.layers. Elements of padding are
	// never the maximum.
	Padding Padding
	// Pads are rows above and below, and columns left and right, with VALID
	// padding; each less than a window's extent. PyTorch's padding=1 is {{1, 1}, {1, 1}}.
	Pads [2][2]int
	// CeilMode rounds the number of windows up, as PyTorch's ceil_mode: the last
	// ones may reach beyond the border.
	CeilMode bool

	DataFormat DataFormat // default NHWC
}

// MaxPool2D is the greatest element of each window of each channel.
//
//	y[n, i, j, c] = max over k, l of x[n, i*stride + k*dilation - top, j*stride + l*dilation - left, c]
//
// x is float32 or float64, [batch, height, width, channels], or [batch,
// channels, height, width] with NCHW; sizes may be unknown. The sizes of y are those
// that Padding gives. A window that has a NaN gives NaN, as in PyTorch; one
// that has no element of x, which only a dilated one may, gives -Inf.
//
// The gradient goes to the first element, row by row, that is the maximum, as in
// PyTorch and on TensorFlow's CPU.
//
// TF: tf.nn.max_pool. PyTorch: torch.nn.functional.max_pool2d. Dtypes: float. Gradient: yes.
func MaxPool2D(s *graph.Scope, x *gorgonia.Node, cfg MaxPool2DConfig) *gorgonia.Node {
	p := newWindow2D(cfg.DataFormat, cfg.Size, cfg.Strides, cfg.Dilation, cfg.Padding, cfg.Pads, cfg.CeilMode)
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

// checkMaxPool tells whether x and the two others are a pooling's input and
// arrays of its output's size.
func (p window2D) checkMaxPool(x graph.Spec, others ...graph.Spec) error {
	y, err := p.infer(x)
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
	n, chunk := len(v.cols)*v.inner, v.scatterChunk()
	scratch := v.scratch(b, tensor.Int32, chunk, n)
	body := func(c *graph.Call, lo, hi int) {
		dx, dy, x, y := elements[T](c.Out), elements[T](c.In[0]), elements[T](c.In[1]), elements[T](c.In[2])
		first := elements[int32](c.Scratch[scratch])[lo/chunk*n:][:n]
		size := v.h * v.w * v.inner
		for r := lo; r < hi; r++ {
			from := r / len(v.rows) * size
			firstMaxima(first, x[from:][:size], y[r*n:][:n], v, v.rows[r%len(v.rows)])
			plane := dx[from:][:size]
			for i, g := range dy[r*n:][:n] {
				if at := first[i]; at >= 0 {
					plane[at] += g
				}
			}
		}
	}
	reset := zero[T] // as a value it is allocated: once
	return func(c *graph.Call) error {
		c.Split(c.Out.Size(), grain, reset)
		c.Split(v.count(), chunk, body)
		return nil
	}
}

func maxPoolGather[T float](b *graph.Binding, v *windows) graph.Kernel {
	n := len(v.cols) * v.inner
	scratch := v.scratch(b, tensor.Int32, v.chunk, n)
	body := func(c *graph.Call, lo, hi int) {
		out, z, x, y := elements[T](c.Out), elements[T](c.In[0]), elements[T](c.In[1]), elements[T](c.In[2])
		first := elements[int32](c.Scratch[scratch])[lo/v.chunk*n:][:n]
		size := v.h * v.w * v.inner
		for r := lo; r < hi; r++ {
			from := r / len(v.rows) * size
			firstMaxima(first, x[from:][:size], y[r*n:][:n], v, v.rows[r%len(v.rows)])
			for i, at := range first {
				out[r*n+i] = 0
				if at >= 0 {
					out[r*n+i] = z[from+int(at)]
				}
			}
		}
	}
	return func(c *graph.Call) error {
		c.Split(v.count(), v.chunk, body)
		return nil
	}
}

// firstMaxima finds where in a plane the first maximum of each window of a row
// lies; y has the maxima. An empty window has -1.
func firstMaxima[T float](first []int32, plane, y []T, v *windows, rows taps) {
	n := v.inner
	for j, w := range v.cols {
		first, y := first[j*n:][:n], y[j*n:][:n]
		for c := range first {
			first[c] = -1
		}
		// From the last to the first, so that the first stays, and with moves that
		// need no prediction. A NaN equals nothing; where there is one, y is NaN.
		for k := rows.n - 1; k >= 0; k-- {
			for l := w.n - 1; l >= 0; l-- {
				at := ((rows.from+k*v.rowStep)*v.w + w.from + l*v.colStep) * n
				for c, v := range plane[at:][:n] {
					place := first[c]
					if v == y[c] {
						place = int32(at + c)
					}
					if v != v {
						place = int32(at + c)
					}
					first[c] = place
				}
			}
		}
	}
}
