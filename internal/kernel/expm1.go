package kernel

import "math"

// expm1s is e^x - 1 as exp64 is e^x, for |x| <= 700, without cancellation:
// with e^x = s (1 + p) it is (s - 1) + s p, and s - 1 is exact near 0.
// It may lose the sign of zero; see signOf.
func expm1s(x float64) float64 {
	z := x * exp64Scale
	t := z + exp64Round
	k := math.Float64bits(t)
	r := z - (t - exp64Round)
	s := math.Float64frombits(expTable[k%32] + k<<47)
	return (s - 1) + s*((expm1C3*r+expm1C2)*(r*r)+expm1C1*r)
}

// Minimax coefficients of 2^(r/32) - 1 in r, for the relative error (2^-26).
const (
	expm1C3 = 0x1.c6b08d704b2c1p-20
	expm1C2 = 0x1.ebfccc582dbb5p-13
	expm1C1 = 0x1.62e42fefe5286p-6
)

// signOf gives y the sign of x, for functions that have it: -0 stays -0.
func signOf(y, x float32) float32 {
	return math.Float32frombits(math.Float32bits(y) | math.Float32bits(x)&(1<<31))
}

// Expm1 is
//
//	for i := range dst { dst[i] = e^x[i] - 1 }
//
// accurate near 0 as well.
//
// With AVX2 and AVX-512 the float32 result is within 1.5 ulp.
func Expm1[T Float](dst, x []T) {
	if is32[T]() {
		expm132(as32(dst), as32(x))
		return
	}
	x = x[:len(dst)]
	for i, v := range x {
		dst[i] = T(math.Expm1(float64(v)))
	}
}

func expm132(dst, x []float32) {
	x = x[:len(dst)]
	if expm1SIMD(dst, x) {
		return
	}
	for i, v := range x {
		dst[i] = signOf(float32(expm1s(clamp128(float64(v)))), v)
	}
}

// Expm1Scalar returns e^x - 1 as the portable Expm1 does.
func Expm1Scalar[T Float](x T) T {
	if is32[T]() {
		return T(signOf(float32(expm1s(clamp128(float64(x)))), float32(x)))
	}
	return T(math.Expm1(float64(x)))
}
