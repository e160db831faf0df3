package ops

import (
	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/graph"
)

// window2D is a window of a pooling that moves over images.
type window2D struct {
	slidingWindow
	size [2]int
}

// newWindow2D checks what a user says of a pooling and fills in the defaults: windows of
// 2 x 2, side by side.
func newWindow2D(size, strides, dilations [2]int, padding Padding, pads [2][2]int, ceil bool) (window2D, error) {
	for a, n := range size {
		if n < 0 || n > mostStep {
			return window2D{}, errors.Errorf("Size is %v; want positive numbers up to %d, or 0 for 2", size, mostStep)
		}
		if n == 0 {
			size[a] = 2
		}
		if strides[a] == 0 {
			strides[a] = size[a]
		}
	}
	w, err := newSlidingWindow(strides, dilations, padding, pads)
	w.ceil = ceil
	p := window2D{w, size}
	if err != nil {
		return p, err
	}
	if ceil && padding != Valid {
		return p, errors.Errorf("CeilMode is set with Padding %v, which always rounds up; want one of the two", padding)
	}
	for a, name := range spatial {
		if s := p.along(a); max(s.pads[0], s.pads[1]) >= s.extent() {
			return p, errors.Errorf("Pads is %v along the %s, and windows extend over %d; want smaller pads, so that each window meets the image",
				s.pads, name, s.extent())
		}
	}
	return p, nil
}

// along is how the window moves along an axis.
func (p window2D) along(axis int) slide { return p.slide(axis, p.size[axis]) }

// attrs repeats the parameters by TensorFlow's names.
func (p window2D) attrs() map[string]interface{} {
	return map[string]interface{}{"ksize": p.size, "strides": p.strides, "dilations": p.dilations,
		"padding": p.padding.String(), "explicit_paddings": p.pads, "ceil_mode": p.ceil}
}

// inferIn gives the spec of what has one element for each window over x, in format f, and channel.
func (p window2D) inferIn(x graph.Spec, f DataFormat) (graph.Spec, error) {
	out := graph.Spec{Dtype: x.Dtype, Shape: x.Shape}
	if !x.IsFloat() {
		return out, errors.Errorf("x is %v; want float32 or float64 (ops.Cast converts)", x)
	}
	m, err := f.imagesOf(x)
	if err != nil {
		return out, err
	}
	for a, size := range []*int{&m.h, &m.w} {
		if *size == 0 && p.padding == Valid {
			return out, errors.Errorf("x is %v, without any %s; want 1 or more", x, spatial[a])
		}
		if *size, _, err = p.slidingWindow.along(a, *size, p.size[a]); err != nil {
			return out, errors.Wrapf(err, "x is %v, %s", x, f.layout(4))
		}
	}
	out.Shape = f.shape(m)
	return out, nil
}
