package kernel

import "math"

// GELU is x times the normal distribution function
//
//	for i := range dst { dst[i] = x[i] * (1 + erf(x[i]/sqrt(2))) / 2 }
//
// with full relative accuracy for negative x too; -0 at -Inf, its limit.
//
// With AVX2 and AVX-512 the float32 result is within 3 ulp.
func GELU[T Float](dst, x []T) {
	x = x[:len(dst)]
	if is32[T]() {
		gelu32(as32(dst), as32(x))
		return
	}
	for i, t := range x {
		v := float64(t)
		share := normalShare(v)
		if share == 0 {
			v = math.Copysign(0, v) // also where it is infinite
		}
		dst[i] = T(v * share)
	}
}

func gelu32(dst, x []float32) {
	x = x[:len(dst)]
	if geluSIMD(dst, x) {
		return
	}
	for i, t := range x {
		v := float64(t)
		share, _ := normalShare32(v)
		if share == 0 {
			v = math.Copysign(0, v)
		}
		dst[i] = float32(v * share)
	}
}

// GELUGrad is, from the input x of GELU,
//
//	for i := range dst { dst[i] = dy[i] * (P(x[i]) + x[i]*p(x[i])) }
//
// P being the normal distribution function and p its density. With AVX2 and
// AVX-512 the float32 factor is within 2^-22 of it, absolutely.
func GELUGrad[T Float](dst, dy, x []T) {
	dy, x = dy[:len(dst)], x[:len(dst)]
	if is32[T]() {
		geluGrad32(as32(dst), as32(dy), as32(x))
		return
	}
	for i, t := range x {
		v := float64(t)
		f := normalShare(v)
		if e := math.Exp(-0.5 * v * v); e != 0 {
			f += v * e * normalPeak
		}
		dst[i] = dy[i] * T(f)
	}
}

func geluGrad32(dst, dy, x []float32) {
	dy, x = dy[:len(dst)], x[:len(dst)]
	if geluGradSIMD(dst, dy, x) {
		return
	}
	for i, t := range x {
		v := float64(t)
		f, e := normalShare32(v)
		if e != 0 {
			f += v * e * normalPeak
		}
		dst[i] = float32(float64(dy[i]) * f)
	}
}

// normalPeak is 1/sqrt(2 pi), the density at 0.
const normalPeak = 0.398942280401432677939946059934

// normalShare is the normal distribution function, accurate in its tail too.
func normalShare(x float64) float64 { return 0.5 * math.Erfc(-x/math.Sqrt2) }

// normalShare32 is normalShare to within 6e-9 of it, relatively, for |x| < 14,
// and e = exp(-x*x/2). The polynomial in t = 1/(1 + 0.3275911*z) is the best one
// for exp(z*z)*erfc(z)/t, z = |x|/sqrt(2); it was fitted by Lawson's iteration.
func normalShare32(x float64) (share, e float64) {
	e = math.Exp(-0.5 * x * x)
	t := 1 / (1 + 0.3275911/math.Sqrt2*math.Abs(x))
	p := 0.184783235999191 + t*(0.1857175359296709+t*(0.1662411232881815+t*(0.20325692679984236+t*(-0.042901242234473835+
		t*(0.4879247696425548+t*(-0.5443792293821091+t*(0.6159150024025211+t*(-0.3123776307877081+t*0.05581950335072109))))))))
	share = 0.5 * e * t * p
	if x > 0 {
		share = 1 - share
	}
	return share, e
}
