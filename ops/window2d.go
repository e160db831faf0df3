package ops

import (
	"math"

	"github.com/pkg/errors"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// window2D is a window that moves over images.
type window2D struct {
	format     DataFormat
	rows, cols slide
}

// newWindow2D fills in the defaults: windows of 2 x 2, side by side.
func newWindow2D(format DataFormat, size, strides, dilation [2]int, padding Padding, pads [2][2]int, ceil bool) window2D {
	if size == [2]int{} {
		size = [2]int{2, 2}
	}
	if strides == [2]int{} {
		strides = size
	}
	if dilation == [2]int{} {
		dilation = [2]int{1, 1}
	}
	return window2D{format,
		slide{size[0], strides[0], dilation[0], padding, pads[0], ceil},
		slide{size[1], strides[1], dilation[1], padding, pads[1], ceil}}
}

// attrs repeats the parameters by TensorFlow's names.
func (p window2D) attrs() map[string]interface{} {
	return map[string]interface{}{"data_format": p.format.String(), "ksize": [2]int{p.rows.size, p.cols.size},
		"strides": [2]int{p.rows.stride, p.cols.stride}, "dilations": [2]int{p.rows.dilation, p.cols.dilation},
		"padding": p.rows.padding.String(), "explicit_paddings": [2][2]int{p.rows.pads, p.cols.pads}, "ceil_mode": p.rows.ceil}
}

// infer gives the spec of what has one element for each window over x and
// channel.
func (p window2D) infer(x graph.Spec) (graph.Spec, error) {
	out := graph.Spec{Dtype: x.Dtype, Shape: x.Shape}
	if !x.IsFloat() {
		return out, errors.Errorf("x is %v; want float32 or float64 (ops.Cast converts)", x)
	}
	m, err := p.format.imagesOf(x)
	if err != nil {
		return out, err
	}
	for _, axis := range []struct {
		name  string
		slide slide
		size  *int
	}{{"height", p.rows, &m.h}, {"width", p.cols, &m.w}} {
		for _, pad := range axis.slide.pads {
			if pad >= max(1, axis.slide.extent()) {
				return out, errors.Errorf("Pads are %v along the %s, and windows extend over %d; want smaller pads, so that each window meets the image",
					axis.slide.pads, axis.name, axis.slide.extent())
			}
		}
		if *axis.size, _, err = axis.slide.over(*axis.size); err != nil {
			return out, errors.Wrapf(err, "x is %v: along the %s", x, axis.name)
		}
	}
	out.Shape = p.format.shape(m)
	return out, nil
}

// taps are the elements of one axis that a window takes: n of them, from the
// first on, dilation apart. size is the window's, without what lies beyond the
// padding behind.
type taps struct{ from, n, size int }

// taps lists the windows over n elements.
func (s slide) taps(n int) ([]taps, error) {
	out, before, err := s.over(n)
	if err != nil {
		return nil, err
	}
	windows := make([]taps, out)
	for o := range windows {
		at := o*s.stride - before
		w := taps{from: at, size: s.size}
		if s.padding == Valid {
			w.size = min(w.size, n+s.pads[1]-at)
		}
		for k := range s.size {
			if p := at + k*s.dilation; p >= 0 && p < n {
				if w.n == 0 {
					w.from = p
				}
				w.n++
			}
		}
		windows[o] = w
	}
	return windows, nil
}

// windows are those over images of known sizes, which kernels see as planes of
// h rows of w pixels, each of inner elements: ChannelsLast has a plane for each image
// and its channels inside, ChannelsFirst one for each image and channel, and inner is 1.
type windows struct {
	planes, h, w, inner int
	rows, cols          []taps
	rowStep, colStep    int // the dilations
	apart               bool
	chunk               int // rows of the output for one goroutine
}

// over plans the windows over x.
func (p window2D) over(x graph.Spec) (*windows, error) {
	m, err := p.format.imagesOf(x)
	if err != nil {
		return nil, err
	}
	rows, err := p.rows.taps(m.h)
	if err != nil {
		return nil, err
	}
	cols, err := p.cols.taps(m.w)
	if err != nil {
		return nil, err
	}
	v, err := newWindows(x, p.format, rows, cols, p.rows.stride >= p.rows.extent())
	if err != nil {
		return nil, err
	}
	v.rowStep, v.colStep = p.rows.dilation, p.cols.dilation
	return v, nil
}

// newWindows lays windows that take rows and cols over the images x, whose elements lie side by side; apart
// says that no two of them take the same row.
func newWindows(x graph.Spec, format DataFormat, rows, cols []taps, apart bool) (*windows, error) {
	m, err := format.imagesOf(x)
	if err != nil {
		return nil, err
	}
	v := &windows{planes: m.n, h: m.h, w: m.w, inner: m.c, rows: rows, cols: cols, rowStep: 1, colStep: 1, apart: apart}
	if format == ChannelsFirst {
		v.planes, v.inner = m.n*m.c, 1
	}
	if v.h*v.w*v.inner > math.MaxInt32 {
		return nil, errors.Errorf("x is %v; want images of at most %d elements", x, math.MaxInt32)
	}
	high := 1 // the highest window
	for _, r := range rows {
		high = max(high, r.n)
	}
	// A goroutine has a row of scratch; few share all the work.
	v.chunk = max(1, grain/max(1, high*v.w*v.inner), (v.count()+maxPieces-1)/maxPieces)
	if v.w*v.inner == 0 {
		v.planes = 0
	}
	return v, nil
}

// maxPieces bounds the pieces of work that have scratch of their own.
const maxPieces = 32

// count is the number of rows of the output.
func (v *windows) count() int { return v.planes * len(v.rows) }

// scatterChunk is how many rows of the output one goroutine takes where rows are
// added to the planes: where windows overlap, all of a plane.
func (v *windows) scatterChunk() int {
	if v.apart {
		return v.chunk
	}
	n := max(1, len(v.rows))
	return (v.chunk + n - 1) / n * n
}

// scratch reserves elements for each piece of work of chunk rows.
func (v *windows) scratch(b *graph.Binding, dtype tensor.Dtype, chunk, elements int) int {
	return b.Scratch(dtype, (v.count()+chunk-1)/chunk*elements)
}

// zero makes all of the output zero.
func zero[T any](c *graph.Call, lo, hi int) { clear(elements[T](c.Out)[lo:hi]) }
