package kernel

import "math"

// Windows are windows in a row over pixels whose channels lie side by side: what pooling
// and convolutions of channels by themselves go through. Element (k, l) of window j is the
// vector
//
//	x[j*Step+k*RowStep+l*ColStep:][:Channels]
type Windows struct {
	Count, Channels  int
	Rows, Cols       int // of a window
	Step             int // from one window to the next
	RowStep, ColStep int // from one element of a window to the next
}

// empty tells whether there is nothing to go through.
func (w Windows) empty() bool { return min(w.Count, w.Channels, w.Rows, w.Cols) <= 0 }

// last is the end of the last vector.
func (w Windows) last() int {
	return (w.Count-1)*w.Step + (w.Rows-1)*w.RowStep + (w.Cols-1)*w.ColStep + w.Channels
}

// MaxWindows takes the greatest element of each window and channel: the first of several
// that are equal, and a NaN, the first one, where there is one.
//
//	for j := range w.Count { for c := range w.Channels {
//		y[j*w.Channels+c] = x[j*w.Step+c]
//		for k := range w.Rows { for l := range w.Cols {
//			e := x[j*w.Step+k*w.RowStep+l*w.ColStep+c]
//			if m := &y[j*w.Channels+c]; !(e <= *m) && *m == *m { *m = e }
//		}}
//	}}
func MaxWindows[T Float](y, x []T, w Windows) {
	if w.empty() {
		return
	}
	_, _ = y[w.Count*w.Channels-1], x[w.last()-1]
	if is32[T]() && maxWindowsSIMD(as32(y), as32(x), w) {
		return
	}
	for j := range w.Count {
		out := y[j*w.Channels:][:w.Channels]
		copy(out, x[j*w.Step:])
		for k := range w.Rows {
			for l := range w.Cols {
				for c, e := range x[j*w.Step+k*w.RowStep+l*w.ColStep:][:len(out)] {
					if m := out[c]; !(e <= m) && m == m {
						out[c] = e
					}
				}
			}
		}
	}
}

// MaxWindowsGrad adds the gradient of each maximum that MaxWindows found to that of the
// element which it is: the first whose bits are those of y.
//
//	for j := range w.Count { for c := range w.Channels {
//		dx[place of the first x with the bits of y[j*w.Channels+c]] += dy[j*w.Channels+c]
//	}}
func MaxWindowsGrad[T Float](dx, dy, x, y []T, w Windows) {
	if w.empty() {
		return
	}
	n := w.last()
	dx, x = dx[:n], x[:n]
	dy, y = dy[:w.Count*w.Channels], y[:w.Count*w.Channels]
	if is32[T]() && maxWindowsGradSIMD(as32(dx), as32(dy), as32(x), as32(y), w) {
		return
	}
	for j := range w.Count {
		for c := range w.Channels {
			if at := FirstInWindow(x[j*w.Step+c:], y[j*w.Channels+c], w); at >= 0 {
				dx[j*w.Step+c+at] += dy[j*w.Channels+c]
			}
		}
	}
}

// FirstInWindow returns the place of the first element of the first window and channel of x
// that has the bits of v; -1 where none has.
func FirstInWindow[T Float](x []T, v T, w Windows) int {
	for k := range w.Rows {
		for l := range w.Cols {
			if at := k*w.RowStep + l*w.ColStep; sameBitsAs(x[at], v) {
				return at
			}
		}
	}
	return -1
}

func sameBitsAs[T Float](a, b T) bool {
	if is32[T]() {
		return math.Float32bits(float32(a)) == math.Float32bits(float32(b))
	}
	return math.Float64bits(float64(a)) == math.Float64bits(float64(b))
}

// MeanWindows adds up the elements of each window and channel, in order, and divides:
//
//	y[j*w.Channels+c] = (sum over k, l of x[j*w.Step+k*w.RowStep+l*w.ColStep+c]) / divisor
func MeanWindows[T Float](y, x []T, divisor T, w Windows) {
	if w.empty() {
		return
	}
	_, _ = y[w.Count*w.Channels-1], x[w.last()-1]
	if is32[T]() && meanWindowsSIMD(as32(y), as32(x), float32(divisor), w) {
		return
	}
	for j := range w.Count {
		out := y[j*w.Channels:][:w.Channels]
		clear(out)
		for k := range w.Rows {
			for l := range w.Cols {
				for c, e := range x[j*w.Step+k*w.RowStep+l*w.ColStep:][:len(out)] {
					out[c] += e
				}
			}
		}
		for c := range out {
			out[c] /= divisor
		}
	}
}

// MeanWindowsGrad adds to the elements of each window their share of its gradient:
//
//	dx[j*w.Step+k*w.RowStep+l*w.ColStep+c] += dy[j*w.Channels+c] / divisor
func MeanWindowsGrad[T Float](dx, dy []T, divisor T, w Windows) {
	if w.empty() {
		return
	}
	_, _ = dy[w.Count*w.Channels-1], dx[w.last()-1]
	if is32[T]() && meanWindowsGradSIMD(as32(dx), as32(dy), float32(divisor), w) {
		return
	}
	for j := range w.Count {
		grad := dy[j*w.Channels:][:w.Channels]
		for k := range w.Rows {
			for l := range w.Cols {
				for c := range grad {
					dx[j*w.Step+k*w.RowStep+l*w.ColStep+c] += grad[c] / divisor
				}
			}
		}
	}
}
