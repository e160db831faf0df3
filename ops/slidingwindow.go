package ops

import (
	"fmt"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/graph"
)

// Padding says how windows that slide over an image begin and end.
type Padding int

// The kinds of padding.
const (
	// Valid keeps windows inside of the image, and of the zeros that Pads puts around
	// it: floor((in + pads - extent) / stride) + 1 windows along an axis, where extent
	// = (size-1)*dilation + 1.
	Valid Padding = iota
	// Same is TensorFlow's: ceil(in / stride) windows along an axis, with as many zeros
	// around the image as that takes; of an odd number, one more behind than before. ONNX
	// calls it SAME_UPPER.
	Same
	// SameLower is Same with the odd zero before the image: ONNX's SAME_LOWER. TensorFlow
	// and PyTorch have no word for it.
	SameLower
)

// String returns TensorFlow's word for the padding, or ONNX's.
func (p Padding) String() string {
	switch p {
	case Valid:
		return "VALID"
	case Same:
		return "SAME"
	case SameLower:
		return "SAME_LOWER"
	}
	return fmt.Sprintf("Padding(%d)", int(p))
}

// slidingWindow is how windows slide over the height and the width of images.
type slidingWindow struct {
	strides, dilations [2]int
	padding            Padding
	pads               [2][2]int // before and behind
	ceil               bool      // round the number of windows up
}

// spatial names the axes of an image.
var spatial = [2]string{"height", "width"}

// mostStep bounds strides, dilations, pads and sizes: it is far more than an image has, and
// no product of two overflows.
const mostStep = 1 << 24

// newSlidingWindow checks what a user says of windows, and puts 1 where that is 0.
func newSlidingWindow(strides, dilations [2]int, padding Padding, pads [2][2]int) (slidingWindow, error) {
	w := slidingWindow{strides: strides, dilations: dilations, padding: padding, pads: pads}
	for a := range spatial {
		switch {
		case strides[a] < 0 || strides[a] > mostStep:
			return w, errors.Errorf("Strides is %v; want positive numbers up to %d, or 0 for the default", strides, mostStep)
		case dilations[a] < 0 || dilations[a] > mostStep:
			return w, errors.Errorf("Dilations is %v; want positive numbers up to %d, or 0 for 1", dilations, mostStep)
		case min(pads[a][0], pads[a][1]) < 0 || max(pads[a][0], pads[a][1]) > mostStep:
			return w, errors.Errorf("Pads is %v; want numbers from 0 to %d, {{top, bottom}, {left, right}} (ops.Slice takes away)", pads, mostStep)
		}
		w.strides[a], w.dilations[a] = max(1, strides[a]), max(1, dilations[a])
	}
	switch {
	case padding != Valid && padding != Same && padding != SameLower:
		return w, errors.Errorf("Padding is %v; want ops.Valid, ops.Same or ops.SameLower", padding)
	case padding != Valid && pads != [2][2]int{}:
		return w, errors.Errorf("Pads is %v beside Padding %v, which says itself how many zeros there are; want one of them", pads, padding)
	}
	return w, nil
}

// slide is how a window of so many elements moves along an axis.
func (w slidingWindow) slide(axis, size int) slide {
	return slide{size: size, stride: w.strides[axis], dilation: w.dilations[axis], padding: w.padding, pads: w.pads[axis], ceil: w.ceil}
}

// along returns how many windows of so many elements there are along an axis, and how
// many zeros stand before it. An unknown size gives an unknown number.
func (w slidingWindow) along(axis, in, size int) (out, before int, err error) {
	if in < 0 || size < 0 {
		return graph.Unknown, 0, nil
	}
	if size == 0 {
		return 0, 0, errors.Errorf("the %s of the window is 0; want 1 or more", spatial[axis])
	}
	s := w.slide(axis, size)
	if out, before = s.over(in); out == 0 && s.padding == Valid {
		dilated := ""
		if s.dilation > 1 {
			dilated = fmt.Sprintf(" with a dilation of %d", s.dilation)
		}
		return 0, 0, errors.Errorf("the %s of the window is %d%s, more than the %d of the image with its pads (ops.Same pads as much as that takes)",
			spatial[axis], s.extent(), dilated, in+s.pads[0]+s.pads[1])
	}
	return out, before, nil
}

// transposed returns the size of an image over which so many windows slide, the
// least but for extra: what along turns into out.
func (w slidingWindow) transposed(axis, out, size, extra int) int {
	if out < 0 || size < 0 {
		return -1
	}
	s := w.slide(axis, size)
	switch {
	case s.padding != Valid:
		return out * s.stride
	case w.pads == [2][2]int{} && extra == 0:
		return out*s.stride + max(s.extent()-s.stride, 0) // as TensorFlow
	case out == 0:
		return 0
	}
	return max(0, (out-1)*s.stride+s.extent()-s.pads[0]-s.pads[1]+extra)
}

// attrs are the parameters for OpDef.Attrs.
func (w slidingWindow) attrs(groups int) map[string]interface{} {
	return map[string]interface{}{"strides": w.strides, "dilations": w.dilations, "padding": w.padding.String(), "pads": w.pads, "groups": groups}
}
