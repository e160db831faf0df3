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
	Size    [2]int // of a window, height and width: default {2, 2}
	Strides [2]int // from one window to the next: default Size

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
	p := newWindow2D(cfg.DataFormat, cfg.Size, cfg.Strides, [2]int{}, cfg.Padding, cfg.Pads, cfg.CeilMode)
	return meanOfWindows{"AvgPool", p, cfg.CountPadding}.apply(s, x)
}

// meanOfWindows is the mean of windows of images, and its adjoint.
type meanOfWindows struct {
	name string
	windowing
	countPadding bool
}

// windowing lays windows over images.
type windowing interface {
	attrs() map[string]interface{}
	infer(x graph.Spec) (graph.Spec, error) // of what has one element for each window and channel
	over(x graph.Spec) (*windows, error)
}

func (p meanOfWindows) attrs() map[string]interface{} {
	a := p.windowing.attrs()
	delete(a, "dilations")
	a["count_include_pad"] = p.countPadding
	return a
}

func (p meanOfWindows) apply(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  p.name,
		Attrs: p.attrs(),
		Infer: func(in []graph.Spec) (graph.Spec, error) { return p.infer(in[0]) },
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
			y, err := p.infer(out)
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

// avgPool adds up columns first, over whole rows, and what these give along the
// rows.
func avgPool[T float](b *graph.Binding, v *windows, countPadding bool) graph.Kernel {
	width := v.w * v.inner
	scratch := v.scratch(b, b.Out.Dtype, v.chunk, width)
	body := func(c *graph.Call, lo, hi int) {
		x, y := elements[T](c.In[0]), elements[T](c.Out)
		own := elements[T](c.Scratch[scratch])[lo/v.chunk*width:][:width]
		n := len(v.cols) * v.inner
		for r := lo; r < hi; r++ {
			rows := v.rows[r%len(v.rows)]
			plane := x[(r/len(v.rows)*v.h+rows.from)*width:][:rows.n*width]
			sums := plane[:width]
			if rows.n > 1 {
				sums = own
				kernel.Add(sums, plane[:width], plane[width:][:width])
				for k := 2; k < rows.n; k++ {
					kernel.Add(sums, sums, plane[k*width:][:width])
				}
			}
			out := y[r*n:][:n]
			for j, w := range v.cols {
				count := T(members(rows, w, countPadding))
				if v.inner == 1 {
					total := T(0)
					for _, e := range sums[w.from:][:w.n] {
						total += e
					}
					out[j] = total / count
					continue
				}
				pixel := out[j*v.inner:][:v.inner]
				copy(pixel, sums[w.from*v.inner:])
				for k := 1; k < w.n; k++ {
					kernel.Add(pixel, pixel, sums[(w.from+k)*v.inner:][:v.inner])
				}
				kernel.DivScalar(pixel, pixel, count)
			}
		}
	}
	return func(c *graph.Call) error {
		c.Split(v.count(), v.chunk, body)
		return nil
	}
}

// avgPoolSpread is avgPool backwards: it spreads along the rows, and adds the
// result to each row of the window.
func avgPoolSpread[T float](b *graph.Binding, v *windows, countPadding bool) graph.Kernel {
	width, chunk := v.w*v.inner, v.scatterChunk()
	scratch := v.scratch(b, b.Out.Dtype, chunk, width+v.inner)
	body := func(c *graph.Call, lo, hi int) {
		dx, dy := elements[T](c.Out), elements[T](c.In[0])
		own := elements[T](c.Scratch[scratch])[lo/chunk*(width+v.inner):][:width+v.inner]
		row, share := own[:width], own[width:]
		n := len(v.cols) * v.inner
		for r := lo; r < hi; r++ {
			rows := v.rows[r%len(v.rows)]
			clear(row)
			grad := dy[r*n:][:n]
			for j, w := range v.cols {
				count := T(members(rows, w, countPadding))
				if v.inner == 1 {
					g := grad[j] / count
					part := row[w.from:][:w.n]
					for k := range part {
						part[k] += g
					}
					continue
				}
				kernel.DivScalar(share, grad[j*v.inner:][:v.inner], count)
				for k := range w.n {
					pixel := row[(w.from+k)*v.inner:][:v.inner]
					kernel.Add(pixel, pixel, share)
				}
			}
			plane := dx[(r/len(v.rows)*v.h+rows.from)*width:][:rows.n*width]
			for k := range rows.n {
				kernel.Add(plane[k*width:][:width], plane[k*width:][:width], row)
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
