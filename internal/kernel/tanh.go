package kernel

import "math"

// tanh64 is tanh x = t / (t + 2) with t = e^2x - 1, for |x| <= 128.
func tanh64(x float64) float64 {
	t := expm1s(2 * x)
	return t / (t + 2)
}

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
		t := expm1s(2 * clamp128(float64(v)))
		dst[i] = signOf(float32(t/(t+2)), v)
	}
}

// TanhScalar returns tanh x as the portable Tanh does.
func TanhScalar[T Float](x T) T {
	if is32[T]() {
		return T(signOf(float32(tanh64(clamp128(float64(x)))), float32(x)))
	}
	return T(math.Tanh(float64(x)))
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
