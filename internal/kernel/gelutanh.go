package kernel

import "math"

// GELUTanh is the usual approximation of GELU
//
//	for i := range dst { dst[i] = x[i]/2 * (1 + tanh(sqrt(2/pi) * (x[i] + 0.044715*x[i]^3))) }
//
// with full relative accuracy for negative x too; -0 at -Inf, its limit.
//
// With AVX2 and AVX-512 the float32 result is within 3 ulp.
func GELUTanh[T Float](dst, x []T) {
	x = x[:len(dst)]
	if is32[T]() && geluTanhSIMD(as32(dst), as32(x)) {
		return
	}
	for i, t := range x {
		v := float64(t)
		gate, _ := logistic[T](v * (geluA + geluA*geluB*v*v))
		if gate == 0 {
			v = math.Copysign(0, v) // also where it is infinite
		}
		dst[i] = T(v * gate)
	}
}

// GELUTanhGrad is, from the input x of GELUTanh,
//
//	for i := range dst { dst[i] = dy[i] * s * (1 + x[i]*z'*(1-s)) }
//
// with s = sigmoid(z), GELUTanh being x*s with z = geluA*x*(1 + geluB*x^2). With
// AVX2 and AVX-512 the float32 factor is within 2^-21 of it, absolutely.
func GELUTanhGrad[T Float](dst, dy, x []T) {
	dy, x = dy[:len(dst)], x[:len(dst)]
	if is32[T]() && geluTanhGradSIMD(as32(dst), as32(dy), as32(x)) {
		return
	}
	for i, t := range x {
		v := float64(t)
		square := v * v
		z := v * (geluA + geluA*geluB*square)
		gate, rest := logistic[T](z)
		f := gate
		if gate != 0 && rest != 0 {
			f += gate * rest * v * (geluA + 3*geluA*geluB*square)
		}
		dst[i] = dy[i] * T(f)
	}
}

// (1 + tanh(z/2))/2 is sigmoid(z).
const (
	geluA = 1.59576912160573071175978423973 // 2*sqrt(2/pi)
	geluB = 0.044715
)
