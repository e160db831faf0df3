package ops

import (
	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/graph"
)

// slide is how windows move along one axis.
type slide struct {
	size, stride, dilation int
	padding                Padding
	pads                   [2]int // before and behind, with Valid
	ceil                   bool   // round the number of windows up, as ceil_mode
}

// extent is the number of elements from the first of a window to its last.
func (s slide) extent() int { return (s.size-1)*s.dilation + 1 }

// check tells whether the windows make sense.
func (s slide) check() error {
	switch {
	case s.size < 1:
		return errors.Errorf("the window has size %d; want 1 or more", s.size)
	case s.stride < 1:
		return errors.Errorf("the stride is %d; want 1 or more", s.stride)
	case s.dilation < 1:
		return errors.Errorf("the dilation is %d; want 1 or more", s.dilation)
	case s.padding != Valid && s.padding != Same:
		return errors.Errorf("Padding is %v; want ops.Valid or ops.Same", s.padding)
	case s.pads[0] < 0 || s.pads[1] < 0:
		return errors.Errorf("Pads are %v; want 0 or more", s.pads)
	case s.padding == Same && s.pads != [2]int{}:
		return errors.Errorf("Pads are %v with Padding Same, which finds its own; want one of the two", s.pads)
	case s.padding == Same && s.ceil:
		return errors.Errorf("CeilMode is set with Padding Same, which always rounds up; want one of the two")
	}
	return nil
}

// same returns how many windows TensorFlow's SAME puts over n elements, and how
// many zeros before them.
func (s slide) same(n int) (out, before int) {
	out = (n + s.stride - 1) / s.stride
	return out, max(0, (out-1)*s.stride+s.extent()-n) / 2
}

// over returns how many windows n elements take and where the first begins,
// minus the padding before it. Of unknown elements both are unknown.
func (s slide) over(n int) (out, before int, err error) {
	if err := s.check(); err != nil {
		return graph.Unknown, 0, err
	}
	if n < 0 {
		return graph.Unknown, 0, nil
	}
	if s.padding == Same {
		out, before = s.same(n)
		return out, before, nil
	}
	before = s.pads[0]
	room := n + before + s.pads[1] - s.extent()
	if s.ceil {
		room += s.stride - 1
	}
	if room < 0 || n == 0 {
		return graph.Unknown, before, errors.Errorf("a window of %d elements does not fit into %d, padded to %d", s.extent(), n, n+before+s.pads[1])
	}
	out = room/s.stride + 1
	if s.ceil && (out-1)*s.stride >= n+before {
		out-- // no window may begin in the padding behind
	}
	return out, before, nil
}
