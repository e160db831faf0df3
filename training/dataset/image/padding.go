package image

import "github.com/pkg/errors"

// Padding is what lies beyond the edge of a picture.
type Padding int

// What lies beyond the edge, for a row a b c d.
const (
	PadConstant  Padding = iota // x x | a b c d | x x
	PadEdge                     // a a | a b c d | d d
	PadReflect                  // c b | a b c d | c b    the edge is not repeated
	PadSymmetric                // b a | a b c d | d c
)

func (p Padding) check() error {
	if p < PadConstant || p > PadSymmetric {
		return errors.Errorf("Padding: wanted PadConstant, PadEdge, PadReflect or PadSymmetric, came %d", int(p))
	}
	return nil
}

// index is the pixel of 0..n-1 that stands at i; -1 where that is the constant.
func (p Padding) index(i, n int) int {
	if uint(i) < uint(n) {
		return i
	}
	switch p {
	case PadEdge:
		return clamp(i, n)
	case PadReflect:
		if n == 1 {
			return 0
		}
		period := 2 * (n - 1)
		if i = ((i % period) + period) % period; i >= n {
			i = period - i
		}
		return i
	case PadSymmetric:
		period := 2 * n
		if i = ((i % period) + period) % period; i >= n {
			i = period - 1 - i
		}
		return i
	}
	return -1
}

// translate fills dst with src moved by whole pixels: pixel (y, x) of src goes to (y+down, x+right) of dst.
func translate(dst []float32, to grid, src []float32, from grid, down, right int, p Padding, value float32) {
	planes, step := to.lines()
	lo, hi := min(max(right, 0), to.w), max(min(from.w+right, to.w), 0) // columns that src fills
	lo = min(lo, hi)
	for plane := range planes {
		for y := range to.h {
			row := dst[(plane*to.h+y)*to.w*step:][:to.w*step]
			sy := p.index(y-down, from.h)
			if sy < 0 {
				fill(row, value)
				continue
			}
			line := src[(plane*from.h+sy)*from.w*step:][:from.w*step]
			if lo < hi {
				copy(row[lo*step:hi*step], line[(lo-right)*step:])
			}
			if p == PadConstant {
				fill(row[:lo*step], value)
				fill(row[hi*step:], value)
				continue
			}
			for x := 0; x < to.w; x++ {
				if x == lo && lo < hi {
					x = hi - 1
					continue
				}
				sx := p.index(x-right, from.w)
				copy(row[x*step:(x+1)*step], line[sx*step:])
			}
		}
	}
}

func fill(s []float32, v float32) {
	for i := range s {
		s[i] = v
	}
}
