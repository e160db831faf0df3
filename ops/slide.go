package ops

// slide is how windows move along one axis.
type slide struct {
	size, stride, dilation int
	padding                Padding
	pads                   [2]int // before and behind, with Valid
	ceil                   bool   // round the number of windows up, as ceil_mode
}

// extent is the number of elements from the first of a window to its last.
func (s slide) extent() int { return (s.size-1)*s.dilation + 1 }

// over returns how many windows n elements take, and how much padding stands before
// them. With Valid padding there are none where not even one fits.
func (s slide) over(n int) (out, before int) {
	if s.padding != Valid {
		out = (n + s.stride - 1) / s.stride
		pads := max(0, (out-1)*s.stride+s.extent()-n)
		if s.padding == SameLower {
			pads++ // the odd one stands before
		}
		return out, pads / 2
	}
	before = s.pads[0]
	room := n + before + s.pads[1] - s.extent()
	if s.ceil {
		room += s.stride - 1
	}
	if room < 0 {
		return 0, before
	}
	out = room/s.stride + 1
	if s.ceil && (out-1)*s.stride >= n+before {
		out-- // no window may begin in the padding behind
	}
	return out, before
}

// taps are the elements of one axis that a window takes: n of them, from the
// first on, dilation apart. size is the window's, without what lies beyond the
// padding behind.
type taps struct{ from, n, size int }

// taps lists the windows over n elements.
func (s slide) taps(n int) []taps {
	out, before := s.over(n)
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
	return windows
}
