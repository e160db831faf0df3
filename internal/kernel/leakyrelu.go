package kernel

import "math"

// LeakyReLU is
//
//	for i := range dst { if x[i] > 0 { dst[i] = x[i] } else { dst[i] = alpha * x[i] } }
func LeakyReLU[T Float](dst, x []T, alpha T) {
	if is32[T]() {
		leakyReLU32(as32(dst), as32(x), float32(alpha))
		return
	}
	x = x[:len(dst)]
	for i, v := range x {
		f := alpha
		if v > 0 {
			f = 1
		}
		dst[i] = v * f
	}
}

func leakyReLU32(dst, x []float32, alpha float32) {
	x = x[:len(dst)]
	if leakyReLUSIMD(dst, x, alpha) {
		return
	}
	for i, v := range x {
		positive, y := math.Float32bits(v), math.Float32bits(alpha*v) // both first: see elu.go
		if v > 0 {
			y = positive
		}
		dst[i] = math.Float32frombits(y)
	}
}

// LeakyReLUGrad is, from the input x of LeakyReLU (or, with alpha > 0, its output),
//
//	for i := range dst { if x[i] > 0 { dst[i] = dy[i] } else { dst[i] = alpha * dy[i] } }
//
// The derivative at 0 is alpha. NaN in x gives NaN.
func LeakyReLUGrad[T Float](dst, dy, x []T, alpha T) {
	if is32[T]() {
		leakyReLUGrad32(as32(dst), as32(dy), as32(x), float32(alpha))
		return
	}
	dy, x = dy[:len(dst)], x[:len(dst)]
	for i, v := range x {
		f := alpha
		if v > 0 {
			f = 1
		}
		if v != v {
			f = v
		}
		dst[i] = dy[i] * f
	}
}

func leakyReLUGrad32(dst, dy, x []float32, alpha float32) {
	dy, x = dy[:len(dst)], x[:len(dst)]
	if leakyReLUGradSIMD(dst, dy, x, alpha) {
		return
	}
	for i, v := range x {
		g := dy[i]
		nan, positive, d := math.Float32bits(v), math.Float32bits(g), math.Float32bits(alpha*g)
		if v > 0 {
			d = positive
		}
		if v != v {
			d = nan
		}
		dst[i] = math.Float32frombits(d)
	}
}
