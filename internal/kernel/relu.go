package kernel

import "math"

// The float32 loops below select between integers: the compiler makes that a
// conditional move, where a branch on the sign would be unpredictable.

// ReLU is
//
//	for i := range dst { if x[i] <= 0 { dst[i] = 0 } else { dst[i] = x[i] } }
//
// so that NaN stays NaN.
func ReLU[T Float](dst, x []T) {
	if is32[T]() {
		relu32(as32(dst), as32(x))
		return
	}
	x = x[:len(dst)]
	for i, v := range x {
		if v <= 0 {
			v = 0
		}
		dst[i] = v
	}
}

func relu32(dst, x []float32) {
	x = x[:len(dst)]
	if reluSIMD(dst, x) {
		return
	}
	for i, v := range x {
		y := math.Float32bits(v)
		if v <= 0 {
			y = 0
		}
		dst[i] = math.Float32frombits(y)
	}
}

// ReLUGrad is, from the output y of ReLU (or its input),
//
//	for i := range dst { if y[i] <= 0 { dst[i] = 0 } else { dst[i] = dy[i] } }
//
// The derivative at 0 is 0. NaN in y gives NaN.
func ReLUGrad[T Float](dst, dy, y []T) {
	if is32[T]() {
		reluGrad32(as32(dst), as32(dy), as32(y))
		return
	}
	dy, y = dy[:len(dst)], y[:len(dst)]
	for i, v := range y {
		d := dy[i]
		if v <= 0 {
			d = 0
		}
		if v != v {
			d = v
		}
		dst[i] = d
	}
}

func reluGrad32(dst, dy, y []float32) {
	dy, y = dy[:len(dst)], y[:len(dst)]
	if reluGradSIMD(dst, dy, y) {
		return
	}
	for i, v := range y {
		d := math.Float32bits(dy[i])
		if v <= 0 {
			d = 0
		}
		if v != v {
			d = math.Float32bits(v)
		}
		dst[i] = math.Float32frombits(d)
	}
}
