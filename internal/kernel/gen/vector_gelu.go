package main

import (
	"math"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/reg"
)

// With a = |x| the normal distribution function at -a is e^(-a^2/2) R(a), and R
// is G(t)/(a + k) with t = (a - k)/(a + k), within 2^-30 of it for a up to 15. G
// was fitted by Lawson's iteration; k is where its first two coefficients are
// float32 to 2^-8 of the last place.
const tailK = 0x1.8436a4p+1

var tailG = []float32{0x1.75e688p-1, -0x1.06f176p-1, 0x1.e37464p-3, -0x1.a6661ap-5, -0x1.2ee4acp-7,
	0x1.deee6p-8, 0x1.8d5b6ep-11, -0x1.1c732ap-10, -0x1.a38272p-13, 0x1.3328b2p-13, 0x1.c60574p-15}

// The tanh form is x times the logistic function of z = x (geluA + geluAB x^2).
// Each constant is its float32 and what that leaves.
var (
	geluA, geluALo   = twoParts(2 * math.Sqrt2 / math.Sqrt(math.Pi))
	geluAB, geluABLo = twoParts(2 * math.Sqrt2 / math.Sqrt(math.Pi) * 0.044715)
)

func twoParts(x float64) (hi, lo float32) {
	hi = float32(x)
	return hi, float32(x - float64(hi))
}

const (
	// Beyond, the distribution function of the negative number is 0.
	gaussEnd = 15
	// Beyond, e^x is 0 even times 112.
	gateEnd = -112
	// geluEnd is where z has passed gateEnd.
	geluEnd    = 11
	normalPeak = 0.398942280401432677939946059934
)

func gaussians(c *build.Context) {
	both(c, func(v *simd) {
		gelu(v)
		geluGrad(v)
		geluTanh(v)
		geluTanhGrad(v)
		silu(v)
		siluGrad(v)
	})
}

// magnitude sets a to |x|, at most end, for the elements at x. It uses t.
func (b *batch) magnitude(x reg.GPVirtual, end float32, a, t lanes) {
	b.reload(x, a)
	b.and(signBit-1, a)
	b.atMost(end, a, t)
}

// tail sets a to |x|, at most gaussEnd, v + e to a/(a + k), p to G(t) and w to
// 1/(a + k), roughly. e makes good what the rounding of a + k and of the quotient
// v lost. It uses t.
func (b *batch) tail(x reg.GPVirtual, a, v, e, p, t, w lanes) {
	b.magnitude(x, gaussEnd, a, t)
	k := b.constant(tailK)
	b.do(b.VADDPS, k, a, p)
	b.do(b.VMAXPS, k, a, w)
	b.do(b.VMINPS, k, a, t)
	b.do(b.VSUBPS, w, p, w)
	b.do(b.VSUBPS, w, t, t) // a + k is p + t
	b.do(b.VDIVPS, p, a, v)
	b.do(b.VMOVUPS, a, e)
	b.do(b.VFNMADD231PS, p, v, e)
	b.do(b.VFNMADD231PS, t, v, e)
	b.do(b.VMOVUPS, b.number(1), w)
	b.do(b.VSUBPS, v, w, w)
	b.do(b.VMULPS, b.constant(1/tailK), w, w)
	b.do(b.VMULPS, w, e, e)
	b.do(b.VADDPS, v, v, t)
	b.do(b.VSUBPS, b.number(1), t, t)
	b.do(b.VFMADD231PS, b.constant(2), e, t)
	b.horner(t, tailG, p)
}

// density replaces a by the series of e^(-a^2/2), the power of t. What the
// rounding of the square lost is made good. It uses r and w.
func (b *batch) density(a, r, t, w lanes) {
	b.do(b.VMULPS, a, a, r)
	b.do(b.VFMSUB213PS, r, a, a)
	b.do(b.VMULPS, b.constant(-0.5), r, r)
	b.split(r, t, b.whole(t, w))
	b.do(b.VFNMADD231PS, b.number(0.5), a, r)
	b.series(r, a, w)
}

// gelu is max(x, 0) - a P(-a), P being the distribution function.
func gelu(v *simd) {
	v.function("gelu", "func(dst, x *float32, n int)", "is dst[i] = x[i] * (1 + erf(x[i]/sqrt(2)))/2 for n elements.")
	dst, x, n := v.param("dst"), v.param("x"), v.param("n")
	v.pin(expPins...)
	v.vectors(n, []reg.GPVirtual{dst, x}, 6, func(b *batch) {
		a, v, e, p, t, w := b.new(), b.new(), b.new(), b.new(), b.new(), b.new()
		b.tail(x, a, v, e, p, t, w)
		b.do(b.VMULPS, p, v, w) // a R(a) is w + v
		b.do(b.VFMSUB213PS, w, p, v)
		b.do(b.VFMADD231PS, p, e, v)
		b.density(a, p, t, e)
		b.do(b.VFMADD213PS, v, w, a)
		b.do(b.VADDPS, w, a, a)
		b.scale(t, e, a)
		b.reload(x, e)
		b.atLeast(0, e, t)
		b.do(b.VSUBPS, a, e, e)
		b.signOf(x, e, t)
		b.store(e, dst)
	})
}

// geluGrad has for negative x the slope e^(-a^2/2) (R(a) - a normalPeak), and 1
// less that for the others.
func geluGrad(v *simd) {
	v.function("geluGrad", "func(dst, dy, x *float32, n int)", "is dst[i] = dy[i] times the slope of gelu at x[i] for n elements.")
	dst, dy, x, n := v.param("dst"), v.param("dy"), v.param("x"), v.param("n")
	v.pin(expPins...)
	v.vectors(n, []reg.GPVirtual{dst, dy, x}, 6, func(b *batch) {
		a, v, e, p, t, w := b.new(), b.new(), b.new(), b.new(), b.new(), b.new()
		b.tail(x, a, v, e, p, t, w)
		b.do(b.VMULPS, w, p, p)
		b.do(b.VFNMADD231PS, b.constant(normalPeak), a, p)
		b.density(a, v, t, e)
		b.do(b.VFMADD213PS, p, p, a)
		b.scale(t, e, a)
		b.reload(x, v)
		b.mirror(v, a, t)
		b.reload(dy, v)
		b.do(b.VMULPS, t, v, v)
		b.store(v, dst)
	})
}

// mirror sets t to y where x is negative, to 1 - y elsewhere; x is used.
func (b *batch) mirror(x, y, t lanes) {
	b.do(b.VMOVUPS, b.number(1), t)
	b.do(b.VSUBPS, y, t, t)
	b.choose(b.negative(x), y, t)
}

// gated sets w to x s(z), s being the logistic function, as max(x, 0) less
// a e/(1 + e) with e = e^r: a is |x| and r is -|z|, as far as they count. lost, if
// there are any, is what the rounding of r lost. a comes before the
// power of two, for the product may be a normal number where that is not.
// It uses q and t.
func (b *batch) gated(x reg.GPVirtual, a, r, lost, q, t, w lanes) {
	b.split(r, t, b.whole(t, w))
	if lost != nil {
		b.do(b.VSUBPS, lost, r, r)
	}
	b.series(r, q, w)
	b.do(b.VMOVUPS, a, r)
	b.do(b.VFMADD231PS, a, q, r)
	b.do(b.VADDPS, b.number(1), q, q)
	b.scale(t, w, q, r)
	b.do(b.VADDPS, b.number(1), q, q)
	b.do(b.VDIVPS, q, r, r)
	b.reload(x, w)
	b.atLeast(0, w, t)
	b.do(b.VSUBPS, r, w, w)
	b.signOf(x, w, t)
}

// geluTanh takes z in two numbers, for in the tail the error of z is that of the
// result: the coefficient of x in it is c + d, exactly A + AB x^2 but for 2^-40
// of it.
func geluTanh(v *simd) {
	v.function("geluTanh", "func(dst, x *float32, n int)",
		"is dst[i] = x[i] / (1 + e^-z) with z = 2 sqrt(2/pi) (x[i] + 0.044715 x[i]^3) for n elements.")
	dst, x, n := v.param("dst"), v.param("x"), v.param("n")
	v.pin(expPins...)
	v.vectors(n, []reg.GPVirtual{dst, x}, 6, func(b *batch) {
		a, h, l, p, c, d := b.new(), b.new(), b.new(), b.new(), b.new(), b.new()
		b.magnitude(x, geluEnd, a, h)
		b.do(b.VMULPS, a, a, h) // x^2 = h + l
		b.do(b.VMOVUPS, a, l)
		b.do(b.VFMSUB213PS, h, a, l)
		ab := b.constant(geluAB)
		b.do(b.VMULPS, ab, h, p) // AB x^2 = p + d
		b.do(b.VMOVUPS, ab, d)
		b.do(b.VFMSUB213PS, p, h, d)
		b.do(b.VFMADD231PS, ab, l, d)
		b.do(b.VFMADD231PS, b.constant(geluABLo), h, d)
		b.do(b.VMOVUPS, b.constant(geluA), c)
		b.do(b.VMAXPS, c, p, h)
		b.do(b.VMINPS, c, p, l)
		b.do(b.VADDPS, c, p, c)
		b.do(b.VSUBPS, h, c, h)
		b.do(b.VSUBPS, h, l, l) // what the sum lost
		b.do(b.VADDPS, l, d, d)
		b.do(b.VADDPS, b.constant(geluALo), d, d)
		b.do(b.VMULPS, a, c, h) // z = h + l
		b.do(b.VMOVUPS, c, l)
		b.do(b.VFMSUB213PS, h, a, l)
		b.do(b.VFMADD231PS, a, d, l)
		b.or(signBit, h)
		b.gated(x, a, h, l, p, c, d)
		b.store(d, dst)
	})
}

// silu is x s(x).
func silu(v *simd) {
	v.function("silu", "func(dst, x *float32, n int)", "is dst[i] = x[i] / (1 + e^-x[i]) for n elements.")
	dst, x, n := v.param("dst"), v.param("x"), v.param("n")
	v.pin(expPins...)
	v.vectors(n, []reg.GPVirtual{dst, x}, 5, func(b *batch) {
		a, r, q, t, w := b.new(), b.new(), b.new(), b.new(), b.new()
		b.magnitude(x, -gateEnd, a, t)
		b.do(b.VMOVUPS, a, r)
		b.or(signBit, r)
		b.gated(x, a, r, nil, q, t, w)
		b.store(w, dst)
	})
}

// gatedGrad sets t to the slope of x s(z). With p = s(-|z|) and d = |x| dz/dx it
// is p - d p (1 - p) for negative x, and 1 less that for the others. r is -|z|; it
// uses q and w.
func (b *batch) gatedGrad(x reg.GPVirtual, d, r, q, t, w lanes) {
	b.exp(r, t, q, w)
	b.do(b.VADDPS, b.number(1), q, w)
	b.do(b.VDIVPS, w, q, q)
	b.do(b.VMOVUPS, b.number(1), w)
	b.do(b.VSUBPS, q, w, w)
	b.do(b.VMULPS, q, w, w)
	b.do(b.VFNMADD231PS, d, w, q)
	b.reload(x, r)
	b.mirror(r, q, t)
}

func geluTanhGrad(v *simd) {
	v.function("geluTanhGrad", "func(dst, dy, x *float32, n int)", "is dst[i] = dy[i] times the slope of geluTanh at x[i] for n elements.")
	dst, dy, x, n := v.param("dst"), v.param("dy"), v.param("x"), v.param("n")
	v.pin(expPins...)
	v.vectors(n, []reg.GPVirtual{dst, dy, x}, 5, func(b *batch) {
		a, r, q, t, w := b.new(), b.new(), b.new(), b.new(), b.new()
		b.magnitude(x, geluEnd, a, t)
		b.do(b.VMULPS, a, a, q)
		for _, z := range []struct {
			ab float32
			z  lanes
		}{{geluAB, r}, {3 * geluAB, w}} {
			b.do(b.VMOVUPS, b.constant(geluA), z.z)
			b.do(b.VFMADD231PS, b.constant(z.ab), q, z.z)
			b.do(b.VMULPS, a, z.z, z.z)
		}
		b.do(b.VMOVUPS, w, a)
		b.or(signBit, r)
		b.gatedGrad(x, a, r, q, t, w)
		b.reload(dy, r)
		b.do(b.VMULPS, t, r, r)
		b.store(r, dst)
	})
}

func siluGrad(v *simd) {
	v.function("siluGrad", "func(dst, dy, x *float32, n int)", "is dst[i] = dy[i] times the slope of silu at x[i] for n elements.")
	dst, dy, x, n := v.param("dst"), v.param("dy"), v.param("x"), v.param("n")
	v.pin(expPins...)
	v.vectors(n, []reg.GPVirtual{dst, dy, x}, 5, func(b *batch) {
		a, r, q, t, w := b.new(), b.new(), b.new(), b.new(), b.new()
		b.magnitude(x, -gateEnd, a, t)
		b.do(b.VMOVUPS, a, r)
		b.or(signBit, r)
		b.gatedGrad(x, a, r, q, t, w)
		b.reload(dy, r)
		b.do(b.VMULPS, t, r, r)
		b.store(r, dst)
	})
}
