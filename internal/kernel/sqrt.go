package kernel

import "math"

// Sqrt is
//
//	for i := range dst { dst[i] = sqrt(x[i]) }
//
// correctly rounded.
func Sqrt[T Float](dst, x []T) {
	x = x[:len(dst)]
	if is32[T]() && sqrtSIMD(as32(dst), as32(x)) {
		return
	}
	for i, v := range x {
		dst[i] = SqrtScalar(v)
	}
}

// SqrtScalar returns the square root of x.
func SqrtScalar[T Float](x T) T {
	if is32[T]() {
		return T(float32(math.Sqrt(float64(float32(x)))))
	}
	return T(math.Sqrt(float64(x)))
}
