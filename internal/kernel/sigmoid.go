package kernel

import "math"

// Sigmoid is
//
//	for i := range dst { dst[i] = 1 / (1 + e^-x[i]) }
//
// with full relative accuracy for negative x too.
//
// With AVX2 and AVX-512 the float32 result is within 1.5 ulp.
func Sigmoid[T Float](dst, x []T) {
	if is32[T]() {
		sigmoid32(as32(dst), as32(x))
		return
	}
	x = x[:len(dst)]
	for i, v := range x {
		dst[i] = SigmoidScalar(v)
	}
}

func sigmoid32(dst, x []float32) {
	x = x[:len(dst)]
	if sigmoidSIMD(dst, x) {
		return
	}
	for i, v := range x {
		dst[i] = float32(1 / (1 + exp64(clamp128(-float64(v)))))
	}
}

// SigmoidScalar returns 1 / (1 + e^-x) as the portable Sigmoid does.
func SigmoidScalar[T Float](x T) T {
	if is32[T]() {
		return T(1 / (1 + exp64(clamp128(-float64(x)))))
	}
	if x < 0 { // Also where e^-x overflows.
		e := math.Exp(float64(x))
		return T(e / (1 + e))
	}
	return T(1 / (1 + math.Exp(-float64(x))))
}

// SigmoidGrad is, from the output y of Sigmoid,
//
//	for i := range dst { dst[i] = dy[i] * y[i] * (1 - y[i]) }
func SigmoidGrad[T Float](dst, dy, y []T) {
	dy, y = dy[:len(dst)], y[:len(dst)]
	if is32[T]() && sigmoidGradSIMD(as32(dst), as32(dy), as32(y)) {
		return
	}
	for i, v := range y {
		dst[i] = dy[i] * v * (1 - v)
	}
}
