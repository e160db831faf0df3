package main

import (
	"math"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// All here start from x = n ln 2 + r with |r| <= ln(2)/2 and e^x = 2^n (1 + q),
// q = e^r - 1. q is r + r^2 h(r), h being the minimax polynomial of degree 5 for
// the relative error of q (2^-31).
var expm1H = []float32{0.5, 0x1.555554p-3, 0x1.5554f8p-5, 0x1.1112d4p-7, 0x1.6d3aa0p-10, 0x1.9e7d64p-13}

const (
	log2E = math.Log2E
	// ln2Hi has so few bits that its product with n is exact, and with it the
	// greater part of the reduction.
	ln2Hi = 0x1.62e4p-1
	ln2Lo = math.Ln2 - ln2Hi
	// round is added to a number for the last bits of the sum to be its nearest
	// integer.
	round   = 0x1.8p23
	oneBits = 0x3f800000
)

// expPins are the constants of reduce and scale.
var expPins = append([]float32{log2E, round, ln2Hi, ln2Lo, 1}, expm1H...)

// reduce makes q from x, which becomes r. The last bits of t are n, which n holds
// as a number, unless they are the same registers; w is used.
func (b *batch) reduce(x, t, n, q, w lanes) {
	b.split(x, t, n)
	b.series(x, q, w)
}

// split is the first half of reduce: r in place of x.
func (b *batch) split(x, t, n lanes) {
	b.do(b.VMOVUPS, b.number(round), t)
	b.do(b.VFMADD231PS, b.number(log2E), x, t)
	b.do(b.VSUBPS, b.number(round), t, n)
	b.do(b.VFNMADD231PS, b.number(ln2Hi), n, x)
	b.do(b.VFNMADD231PS, b.number(ln2Lo), n, x)
}

// series is the other half: q from r.
func (b *batch) series(x, q, w lanes) {
	b.horner(x, expm1H, q)
	b.do(b.VMULPS, x, x, w)
	b.do(b.VFMADD213PS, x, w, q)
}

// power makes 2^n of the t of reduce, for n that a normal number has.
func (b *batch) power(t lanes) {
	b.do(b.VPSLLD, operand.Imm(23), t, t)
	b.do(b.VPADDD, b.bits(oneBits), t, t)
}

// exp replaces x, at least -120 and at most 89, by e^x in q; t and w are used.
func (b *batch) exp(x, t, q, w lanes) {
	b.split(x, t, b.whole(t, w))
	b.series(x, q, w)
	b.do(b.VADDPS, b.number(1), q, q)
	b.scale(t, w, q)
}

// whole is where split shall leave n for scale: AVX-512 has an instruction that
// takes it as a number.
func (b *batch) whole(t, w lanes) lanes {
	if b.wide {
		return t
	}
	return w
}

// scale multiplies each y by 2^n. The result is rounded once where it is
// denormal, too. t and w are used.
func (b *batch) scale(t, w lanes, y ...lanes) {
	if b.wide {
		for _, y := range y {
			b.do(b.VSCALEFPS, t, y, y)
		}
		return
	}
	// No float32 is 2^n where the result is denormal or 2^128: it is 2^(n/2), n/2
	// rounded down, times 2^(n - n/2).
	b.do(b.VPSLLD, operand.Imm(22), t, w)
	b.and(0xff800000, w)
	b.do(b.VPSLLD, operand.Imm(23), t, t)
	b.do(b.VPSUBD, w, t, t)
	for _, half := range []lanes{w, t} {
		b.do(b.VPADDD, b.bits(oneBits), half, half)
		for _, y := range y {
			b.do(b.VMULPS, half, y, y)
		}
	}
}

// expNegative sets q to e^-|x|, x being overwritten; t and w are used.
func (b *batch) expNegative(x, t, q, w lanes) {
	b.or(signBit, x)
	b.atLeast(-104, x, t)
	b.exp(x, t, q, w)
}

// exponentials writes the functions that are made of e^x.
func exponentials(c *build.Context) {
	both(c, func(v *simd) {
		v.function("exp", "func(dst, x *float32, n int)", "is dst[i] = e^x[i] for n elements.")
		dst, x, n := v.param("dst"), v.param("x"), v.param("n")
		v.pin(append(expPins, -104)...)
		v.vectors(n, []reg.GPVirtual{dst, x}, 4, func(b *batch) {
			r, t, q, w := b.load(x), b.new(), b.new(), b.new()
			b.atLeast(-104, r, t)
			b.atMost(89, r, t)
			b.exp(r, t, q, w)
			b.store(q, dst)
		})
		expm1(v)
		elu(v)
		sigmoid(v)
		softplusGrad(v)
		tanh(v)
	})
}

// expm1 is 2^n q - (1 - 2^n), the difference being exact where it matters. Where
// 2^n is so great that the 1 counts for nothing, 2^32 is taken out, for 2^128 is
// not a float32.
func expm1(v *simd) {
	v.function("expm1", "func(dst, x *float32, n int)", "is dst[i] = e^x[i] - 1 for n elements.")
	dst, x, n := v.param("dst"), v.param("x"), v.param("n")
	v.pin(expPins...)
	v.vectors(n, []reg.GPVirtual{dst, x}, 5, func(b *batch) {
		r, t, q, w, out := b.load(x), b.new(), b.new(), b.new(), b.new()
		b.atLeast(-20, r, t)
		b.atMost(89, r, t)
		const shift = 32 << 23
		b.do(b.VMOVUPS, r, out)
		b.do(b.VMOVUPS, b.bits(shift), w)
		b.only(b.compare(greater, out, b.constant(66), out), w)
		b.do(b.VMOVUPS, w, out)
		b.reduce(r, t, w, q, w)
		b.power(t)
		b.do(b.VPSUBD, out, t, t)
		b.do(b.VMOVUPS, b.number(1), w)
		b.do(b.VSUBPS, t, w, w)
		b.do(b.VFMSUB213PS, w, t, q)
		b.do(b.VPADDD, b.bits(oneBits), out, out)
		b.do(b.VMULPS, out, q, q)
		b.signOf(x, q, t)
		b.store(q, dst)
	})
}

// elu is expm1 for x <= 0, times a factor, and the product with another for
// x > 0.
func elu(v *simd) {
	v.function("elu", "func(dst, x *float32, n int, scale, alpha float32)",
		"is dst[i] = x[i] > 0 ? scale*x[i] : alpha*(e^x[i] - 1) for n elements.")
	dst, x, n := v.param("dst"), v.param("x"), v.param("n")
	v.pin(expPins...)
	scale, alpha := v.reserve("scale"), v.reserve("alpha")
	v.vectors(n, []reg.GPVirtual{dst, x}, 4, func(b *batch) {
		r, t, q, w := b.load(x), b.new(), b.new(), b.new()
		b.zeros(t)
		b.do(b.VMINPS, r, t, r)
		b.atLeast(-20, r, t)
		b.reduce(r, t, w, q, w)
		b.power(t)
		b.do(b.VMOVUPS, b.number(1), w)
		b.do(b.VSUBPS, t, w, w)
		b.do(b.VFMSUB213PS, w, t, q)
		b.do(b.VMULPS, alpha, q, q)
		b.reload(x, r)
		b.zeros(t)
		positive := b.compare(greaterEqual, r, t, t) // so that -0 stays
		b.do(b.VMULPS, scale, r, r)
		b.choose(positive, r, q)
		b.store(q, dst)
	})
}

// logistic sets q to the logistic function of the elements at x. With a = e^-|x|
// that is p = a/(1 + a) for negative ones, accurate as a is, and 1 - p, which is
// 1/(1 + a), for the others. What the rounding of 1 + a and of the quotient lost is
// made good; 1 - p does for 1/(1 + a) there. It uses r, t and w.
func (b *batch) logistic(x reg.GPVirtual, r, t, q, w lanes) {
	b.reload(x, r)
	b.expNegative(r, t, q, w)
	b.do(b.VADDPS, b.number(1), q, w)
	b.do(b.VDIVPS, w, q, t)
	b.do(b.VSUBPS, b.number(1), w, r)
	b.do(b.VSUBPS, r, q, r) // a less what was added
	b.do(b.VFNMADD231PS, t, w, q)
	b.do(b.VFNMADD231PS, t, r, q)
	b.do(b.VMOVUPS, b.number(1), r)
	b.do(b.VSUBPS, t, r, r)
	b.do(b.VFMADD231PS, q, r, t)
	b.do(b.VMOVUPS, b.number(1), q)
	b.do(b.VSUBPS, t, q, q)
	b.reload(x, r)
	b.choose(b.negative(r), t, q)
}

func sigmoid(v *simd) {
	v.function("sigmoid", "func(dst, x *float32, n int)", "is dst[i] = 1 / (1 + e^-x[i]) for n elements.")
	dst, x, n := v.param("dst"), v.param("x"), v.param("n")
	v.pin(append(expPins, -104)...)
	v.vectors(n, []reg.GPVirtual{dst, x}, 4, func(b *batch) {
		q := b.new()
		b.logistic(x, b.new(), b.new(), q, b.new())
		b.store(q, dst)
	})
}

func softplusGrad(v *simd) {
	v.function("softplusGrad", "func(dst, dy, x *float32, n int)", "is dst[i] = dy[i] / (1 + e^-x[i]) for n elements.")
	dst, dy, x, n := v.param("dst"), v.param("dy"), v.param("x"), v.param("n")
	v.pin(append(expPins, -104)...)
	v.vectors(n, []reg.GPVirtual{dst, dy, x}, 4, func(b *batch) {
		r, q := b.new(), b.new()
		b.logistic(x, r, b.new(), q, b.new())
		b.reload(dy, r)
		b.do(b.VMULPS, r, q, q)
		b.store(q, dst)
	})
}

// tanh is (1 - e)/(1 + e) with e = e^-2|x| = 2^n (1 + q), where both 1 - 2^n and
// 1 + 2^n are exact.
func tanh(v *simd) {
	v.function("tanh", "func(dst, x *float32, n int)", "is dst[i] = tanh(x[i]) for n elements.")
	dst, x, n := v.param("dst"), v.param("x"), v.param("n")
	v.pin(append(expPins, -20)...)
	v.vectors(n, []reg.GPVirtual{dst, x}, 5, func(b *batch) {
		r, t, q, w, d := b.load(x), b.new(), b.new(), b.new(), b.new()
		b.or(signBit, r)
		b.do(b.VADDPS, r, r, r)
		b.atLeast(-20, r, t)
		b.reduce(r, t, w, q, w)
		b.power(t)
		b.do(b.VADDPS, b.number(1), t, d)
		b.do(b.VFMADD231PS, t, q, d)
		b.do(b.VMOVUPS, b.number(1), w)
		b.do(b.VSUBPS, t, w, w)
		b.do(b.VFNMADD231PS, t, q, w)
		b.do(b.VDIVPS, d, w, q)
		b.signOf(x, q, t)
		b.store(q, dst)
	})
}
