package main

import (
	"math"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// All here end with ln(2^e (1 + f)) = e ln 2 + f + f^2 h(f) for 1 + f from
// sqrt(1/2) to sqrt(2), h being -1/2 + f P(f) with the minimax polynomial P of
// degree 8 for the relative error of the whole (2^-30).
var logH = []float32{-0.5, 0x1.555548p-2, -0x1.000006p-2, 0x1.99a478p-3, -0x1.555c48p-3,
	0x1.233b62p-3, -0x1.fc278ap-4, 0x1.e6c372p-4, -0x1.de0d26p-4, 0x1.147962p-4}

var logPins = append([]float32{ln2Hi, ln2Lo}, logH...)

const (
	sqrt2         = math.Sqrt2
	sqrtHalfBits  = 0x3f3504f3
	minNormal     = 0x1p-126
	minusInfinity = 0xff800000
	nan           = 0x7fc00000
)

var infinity = float32(math.Inf(1))

// ln sets h to ln(2^e (1 + f)); e, f and w are overwritten. Both parts of ln 2
// are positive, so that e may be infinite.
func (b *batch) ln(e, f, h, w lanes) {
	b.do(b.VMULPS, f, f, w)
	b.horner(f, logH, h)
	b.do(b.VMULPS, w, h, h)
	b.do(b.VFMADD231PS, b.number(ln2Lo), e, h)
	b.do(b.VADDPS, f, h, h)
	b.do(b.VFMADD231PS, b.number(ln2Hi), e, h)
}

// exponent sets e to the exponent of u, a normal number, so that u over 2^e is
// from sqrt(1/2) to sqrt(2): as an integer in the exponent's place.
func (b *batch) exponent(u, e lanes) {
	b.do(b.VMOVUPS, b.bits(sqrtHalfBits), e)
	b.do(b.VPSUBD, e, u, e)
	b.and(0xff800000, e)
}

// integer makes the outcome of exponent a number.
func (b *batch) integer(e lanes) {
	b.do(b.VPSRAD, operand.Imm(23), e, e)
	b.do(b.VCVTDQ2PS, e, e)
}

// outside puts into y what the logarithm of u is where the method does not hold:
// -Inf at 0, NaN below, u itself at +Inf and at NaN. It uses t and z.
func (b *batch) outside(u, y, t, z lanes) {
	b.choose(b.compare(notLess, u, b.constant(infinity), t), u, y)
	b.zeros(z)
	b.choose(b.compare(equal, u, z, t), b.bits(minusInfinity), y)
	b.choose(b.compare(less, u, z, t), b.bits(nan), y)
}

func logarithms(c *build.Context) {
	both(c, func(v *simd) {
		log(v)
		log1p(v)
		softplus(v)
	})
}

func log(v *simd) {
	v.function("log", "func(dst, x *float32, n int)", "is dst[i] = ln x[i] for n elements.")
	dst, x, n := v.param("dst"), v.param("x"), v.param("n")
	v.pin(logPins...)
	v.vectors(n, []reg.GPVirtual{dst, x}, 5, func(b *batch) {
		u, e, f, h, w := b.load(x), b.new(), b.new(), b.new(), b.new()
		if b.wide {
			// These know of denormals, zeros, infinities and NaN, and the
			// mantissa of a negative number is NaN.
			const oneToTwo, negativeIsNaN = 0, 2 << 2
			b.do(b.VGETEXPPS, u, e)
			b.do(b.VGETMANTPS, operand.Imm(oneToTwo|negativeIsNaN), u, f)
			high := b.compare(greater, f, b.constant(sqrt2), w)
			b.do(b.VMULPS, b.constant(0.5), f, high, f)
			b.do(b.VADDPS, b.constant(1), e, high, e)
			b.do(b.VSUBPS, b.constant(1), f, f)
			b.ln(e, f, h, w)
			b.store(h, dst)
			return
		}
		// A denormal number is taken times 2^23.
		b.do(b.VMULPS, b.constant(0x1p23), u, f)
		denormal := b.compare(less, u, b.constant(minNormal), w)
		b.choose(denormal, f, u)
		b.do(b.VMOVUPS, b.constant(23), h)
		b.only(denormal, h)
		b.exponent(u, e)
		b.do(b.VPSUBD, e, u, f)
		b.do(b.VSUBPS, b.constant(1), f, f)
		b.integer(e)
		b.do(b.VSUBPS, h, e, e)
		b.ln(e, f, h, w)
		b.outside(u, h, w, f)
		b.store(h, dst)
	})
}

// log1p takes f = x/2^e - (1 - 2^-e), e being the exponent of 1 + x: it is
// rounded once, while 1 + x may have lost the half of x. Where 2^-e is no number
// x has the bits of 1 + x.
func log1p(v *simd) {
	v.function("log1p", "func(dst, x *float32, n int)", "is dst[i] = ln(1 + x[i]) for n elements.")
	dst, x, n := v.param("dst"), v.param("x"), v.param("n")
	v.pin(logPins...)
	v.vectors(n, []reg.GPVirtual{dst, x}, 5, func(b *batch) {
		u, e, f, h, w := b.load(x), b.new(), b.new(), b.new(), b.new()
		b.do(b.VADDPS, b.constant(1), u, u)
		b.exponent(u, e)
		b.do(b.VMOVUPS, b.bits(oneBits), w)
		b.do(b.VPSUBD, e, w, w) // 2^-e
		b.reload(x, f)
		b.do(b.VMOVUPS, b.constant(1), h)
		b.do(b.VSUBPS, w, h, h)
		b.do(b.VFMSUB213PS, h, w, f)
		b.do(b.VPSUBD, e, u, h)
		b.do(b.VSUBPS, b.constant(1), h, h)
		b.choose(b.compare(greater, u, b.constant(0x1p25), w), h, f)
		b.integer(e)
		b.ln(e, f, h, w)
		b.outside(u, h, w, f)
		b.signOf(x, h, w)
		b.store(h, dst)
	})
}

// softplus is the logarithm of u = 1 + a, a = e^-|x|, plus x where it is
// positive. With u above sqrt(2), e is 1 and f is (a - 1)/2, else a.
func softplus(v *simd) {
	v.function("softplus", "func(dst, x *float32, n int)", "is dst[i] = max(x[i], 0) + ln(1 + e^-|x[i]|) for n elements.")
	dst, x, n := v.param("dst"), v.param("x"), v.param("n")
	v.pin(append(logPins, -104)...)
	v.vectors(n, []reg.GPVirtual{dst, x}, 5, func(b *batch) {
		e, w, f, h, t := b.load(x), b.new(), b.new(), b.new(), b.new()
		b.expNegative(e, w, f, t)
		b.do(b.VMOVUPS, b.constant(1), e)
		high := b.compare(greater, f, b.constant(sqrt2-1), w)
		b.only(high, e)
		b.do(b.VSUBPS, b.constant(1), f, h)
		b.do(b.VMULPS, b.constant(0.5), h, h)
		b.choose(high, h, f)
		b.ln(e, f, h, w)
		b.reload(x, e)
		b.atLeast(0, e, w)
		b.do(b.VADDPS, e, h, h)
		b.store(h, dst)
	})
}
