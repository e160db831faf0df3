package kernel

import "math"

// log1p64 is ln(1+x) as log64 is ln x, for finite x > -1. What rounding 1+x
// to u lost is x-(u-1); it counts only where u is 1, so it needs no division.
func log1p64(x float64) float64 {
	u := 1 + x
	return log64(u) + (x - (u - 1))
}

// Log1p is
//
//	for i := range dst { dst[i] = ln(1 + x[i]) }
//
// accurate near 0 as well.
//
// With AVX2 and AVX-512 the float32 result is within 1.5 ulp.
func Log1p[T Float](dst, x []T) {
	if is32[T]() {
		log1p32(as32(dst), as32(x))
		return
	}
	x = x[:len(dst)]
	for i, v := range x {
		dst[i] = T(math.Log1p(float64(v)))
	}
}

func log1p32(dst, x []float32) {
	x = x[:len(dst)]
	if log1pSIMD(dst, x) {
		return
	}
	for i, v := range x {
		b := math.Float32bits(v)
		if a := b &^ (1 << 31); v > -1 && a-minNormal32 < infinity32-minNormal32 {
			w := math.Float64frombits(math.Float64bits(widen(a)) | uint64(b&(1<<31))<<32)
			u := 1 + w // as log1p64, which would not be inlined
			dst[i] = signOf(float32(log64(u)+(w-(u-1))), v)
		} else {
			dst[i] = Log1pScalar(v)
		}
	}
}

// Log1pScalar returns ln(1 + x) as the portable Log1p does.
func Log1pScalar[T Float](x T) T {
	if is32[T]() {
		if x > -1 && x <= math.MaxFloat32 {
			return T(signOf(float32(log1p64(float64(x))), float32(x)))
		}
		return T(logSpecial(1 + float64(x)))
	}
	return T(math.Log1p(float64(x)))
}
