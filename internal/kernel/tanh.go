package kernel

import "math"

// Tanh is
//
//	for i := range dst { dst[i] = tanh(x[i]) }
//
// With AVX2 and AVX-512 the float32 result is within 2 ulp.
func Tanh[T Float](dst, x []T) {
	if is32[T]() {
		tanh32(as32(dst), as32(x))
		return
	}
	x = x[:len(dst)]
	for i, v := range x {
		dst[i] = T(math.Tanh(float64(v)))
	}
}

func tanh32(dst, x []float32) {
	x = x[:len(dst)]
	if tanhSIMD(dst, x) {
		return
	}
	for i, v := range x {
		t := expm1s(2 * clamp128(float64(v))) // tanh x = t / (t + 2) with t = e^2x - 1
		dst[i] = signOf(float32(t/(t+2)), v)
	}
}

// TanhGrad is, from the output y of Tanh,
//
//	for i := range dst { dst[i] = dy[i] * (1 - y[i]*y[i]) }
func TanhGrad[T Float](dst, dy, y []T) {
	dy, y = dy[:len(dst)], y[:len(dst)]
	if is32[T]() && tanhGradSIMD(as32(dst), as32(dy), as32(y)) {
		return
	}
	for i, v := range y {
		dst[i] = dy[i] * (1 - v*v)
	}
}
