package kernel

import "math"

// HardTanh is, for lo < hi,
//
//	for i := range dst {
//		switch {
//		case x[i] <= lo: dst[i] = lo
//		case x[i] >= hi: dst[i] = hi
//		default: dst[i] = x[i]
//		}
//	}
//
// NaN stays NaN. It is Clip but for a zero beside a bound of zero, which takes the bound's sign.
func HardTanh[T Float](dst, x []T, lo, hi T) {
	x = x[:len(dst)]
	if is32[T]() {
		hardTanh32(as32(dst), as32(x), float32(lo), float32(hi))
		return
	}
	for i, v := range x {
		if v <= lo {
			v = lo
		}
		if v >= hi {
			v = hi
		}
		dst[i] = v
	}
}

// hardTanh32 selects between integers to get conditional moves; see relu.go.
func hardTanh32(dst, x []float32, lo, hi float32) {
	if hardTanhSIMD(dst, x, lo, hi) {
		return
	}
	low, high := math.Float32bits(lo), math.Float32bits(hi)
	for i, v := range x {
		y := math.Float32bits(v)
		if v <= lo {
			y = low
		}
		if v >= hi {
			y = high
		}
		dst[i] = math.Float32frombits(y)
	}
}

// HardTanhGrad is, from the input x of HardTanh,
//
//	for i := range dst { if lo < x[i] && x[i] < hi { dst[i] = dy[i] } else { dst[i] = 0 } }
//
// The derivative at the bounds is 0. NaN in x gives NaN.
func HardTanhGrad[T Float](dst, dy, x []T, lo, hi T) {
	dy, x = dy[:len(dst)], x[:len(dst)]
	if is32[T]() {
		hardTanhGrad32(as32(dst), as32(dy), as32(x), float32(lo), float32(hi))
		return
	}
	for i, v := range x {
		d := dy[i]
		if v <= lo || v >= hi {
			d = 0
		}
		if v != v {
			d = v
		}
		dst[i] = d
	}
}

func hardTanhGrad32(dst, dy, x []float32, lo, hi float32) {
	if hardTanhGradSIMD(dst, dy, x, lo, hi) {
		return
	}
	for i, v := range x {
		d := math.Float32bits(dy[i])
		if v <= lo {
			d = 0
		}
		if v >= hi {
			d = 0
		}
		if v != v {
			d = math.Float32bits(v)
		}
		dst[i] = math.Float32frombits(d)
	}
}
