package kernel

import (
	"math"
	"unsafe"
)

// Clip is, for lo <= hi,
//
//	for i := range dst { dst[i] = min(max(x[i], lo), hi) }
//
// NaN stays NaN.
func Clip[T Float](dst, x []T, lo, hi T) {
	x = x[:len(dst)]
	if is32[T]() {
		if !clipSIMD(as32(dst), as32(x), float32(lo), float32(hi)) {
			clip32(as32(dst), as32(x), float32(lo), float32(hi))
		}
		return
	}
	for i, v := range x {
		dst[i] = min(max(v, lo), hi) // without a branch, which gradients would have mispredicted
	}
}

// clip32 looks at eight values at a time, because gradients are clipped in
// every step and few of them exceed a sensible limit. Where lo is -hi, the sign
// bit of high - |x|, taken on the bits, tells whether one does (or is NaN); two
// values fit a word, and a borrow from the lower one only tells what is so
// already.
func clip32(dst, x []float32, lo, hi float32) {
	x = x[:len(dst)]
	const signs = 1<<63 | 1<<31
	if lo == -hi && len(x) >= 8 {
		high := uint64(math.Float32bits(hi)) &^ (1 << 31)
		high |= high << 32
		if uintptr(unsafe.Pointer(&x[0]))%8 != 0 {
			clip32Each(dst[:1], x[:1], lo, hi)
			x, dst = x[1:], dst[1:]
		}
		if uintptr(unsafe.Pointer(&x[0]))%8 == 0 && uintptr(unsafe.Pointer(&dst[0]))%8 == 0 {
			for len(x) >= 8 && len(dst) >= 8 {
				p, d := (*[4]uint64)(unsafe.Pointer(&x[0])), (*[4]uint64)(unsafe.Pointer(&dst[0]))
				p0, p1, p2, p3 := p[0], p[1], p[2], p[3]
				over := (high - p0&^signs) | (high - p1&^signs) | (high - p2&^signs) | (high - p3&^signs)
				if over&signs == 0 {
					d[0], d[1], d[2], d[3] = p0, p1, p2, p3
				} else {
					clip32Each(dst[:8], x[:8], lo, hi)
				}
				x, dst = x[8:], dst[8:]
			}
		}
	}
	clip32Each(dst, x, lo, hi)
}

// clip32Each selects between integers to get conditional moves; see relu.go.
func clip32Each(dst, x []float32, lo, hi float32) {
	x = x[:len(dst)]
	low, high := math.Float32bits(lo), math.Float32bits(hi)
	for i, v := range x {
		y := math.Float32bits(v)
		if v < lo {
			y = low
		}
		if v > hi {
			y = high
		}
		dst[i] = math.Float32frombits(y)
	}
}
