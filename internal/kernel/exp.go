package kernel

import "math"

// exp64 is e^x to about 2^-33 relative, for |x| <= 700: what a float32 result
// needs. x = (k/32) ln 2 + r/32 ln 2 with |r| <= 1/2, 2^(k/32) from a table
// and 2^(r/32) by a cubic. The method and coefficients are those of expf in
// Arm's optimized-routines (MIT licence).
func exp64(x float64) float64 {
	z := x * exp64Scale
	t := z + exp64Round // The low bits of t are k = round(z).
	k := math.Float64bits(t)
	r := z - (t - exp64Round)
	return ((exp64C3*r+exp64C2)*(r*r) + (exp64C1*r + 1)) * math.Float64frombits(expTable[k%32]+k<<47)
}

const (
	exp64Scale = 32 * math.Log2E
	exp64Round = 0x1.8p52
	exp64C3    = 0x1.c6af84b912394p-5 / 32 / 32 / 32
	exp64C2    = 0x1.ebfce50fac4f3p-3 / 32 / 32
	exp64C1    = 0x1.62e42ff0c52d6p-1 / 32
)

// clamp128 bounds x to [-128, 128]: beyond, every float32 function of e^x has
// reached its limit, and the conversion to float32 makes infinity or zero.
func clamp128(x float64) float64 {
	if x > 128 {
		return 128
	}
	if x < -128 {
		return -128
	}
	return x
}

// Exp is
//
//	for i := range dst { dst[i] = e^x[i] }
//
// With AVX2 and AVX-512 the float32 result is within 1 ulp.
func Exp[T Float](dst, x []T) {
	if is32[T]() {
		exp32(as32(dst), as32(x))
		return
	}
	x = x[:len(dst)]
	for i, v := range x {
		dst[i] = T(math.Exp(float64(v)))
	}
}

func exp32(dst, x []float32) {
	x = x[:len(dst)]
	if expSIMD(dst, x) {
		return
	}
	for i, v := range x {
		dst[i] = float32(exp64(clamp128(float64(v))))
	}
}

// ExpScalar returns e^x as the portable Exp does.
func ExpScalar[T Float](x T) T {
	if is32[T]() {
		return T(exp64(clamp128(float64(x))))
	}
	return T(math.Exp(float64(x)))
}
