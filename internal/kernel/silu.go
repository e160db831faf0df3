package kernel

import "math"

// SiLU is
//
//	for i := range dst { dst[i] = x[i] / (1 + e^-x[i]) }
//
// with full relative accuracy for negative x too; -0 at -Inf, its limit.
//
// With AVX2 and AVX-512 the float32 result is within 3 ulp.
func SiLU[T Float](dst, x []T) {
	x = x[:len(dst)]
	if is32[T]() && siluSIMD(as32(dst), as32(x)) {
		return
	}
	for i, t := range x {
		v := float64(t)
		gate, _ := logistic[T](v)
		if gate == 0 {
			v = math.Copysign(0, v) // also where it is infinite
		}
		dst[i] = T(v * gate)
	}
}

// SiLUGrad is, from the input x of SiLU,
//
//	for i := range dst { dst[i] = dy[i] * s * (1 + x[i]*(1-s)) }
//
// with s = sigmoid(x[i]). With AVX2 and AVX-512 the float32 factor is within
// 2^-22 of it, absolutely.
func SiLUGrad[T Float](dst, dy, x []T) {
	dy, x = dy[:len(dst)], x[:len(dst)]
	if is32[T]() && siluGradSIMD(as32(dst), as32(dy), as32(x)) {
		return
	}
	for i, t := range x {
		v := float64(t)
		gate, rest := logistic[T](v)
		if gate == 0 || rest == 0 {
			v = 0
		}
		dst[i] = dy[i] * T(gate*(1+v*rest))
	}
}

// logistic returns sigmoid(z) and 1-sigmoid(z), each with the relative accuracy
// that a result of T needs; the less is 0 where T has not got even a multiple of
// it.
func logistic[T Float](z float64) (p, q float64) {
	a := math.Abs(z)
	var e float64
	switch {
	case !is32[T]():
		e = math.Exp(-a)
	case !(a > 128):
		e = exp64(-a)
	}
	p = 1 / (1 + e)
	q = e * p
	if z < 0 {
		p, q = q, p
	}
	return p, q
}
