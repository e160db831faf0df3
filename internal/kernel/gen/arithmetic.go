package main

import (
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/reg"
)

// arithmetic writes the elementwise arithmetic of vectors and of vectors with
// numbers.
func arithmetic(c *build.Context) {
	both(c, func(v *simd) {
		zip(v, "add", "dst[i] = a[i] + b[i]", func(x, y, _ reg.VecPhysical) { v.VADDPS(y, x, x) })
		zip(v, "sub", "dst[i] = a[i] - b[i]", func(x, y, _ reg.VecPhysical) { v.VSUBPS(y, x, x) })
		zip(v, "mul", "dst[i] = a[i] * b[i]", func(x, y, _ reg.VecPhysical) { v.VMULPS(y, x, x) })
		zip(v, "div", "dst[i] = a[i] / b[i]", func(x, y, _ reg.VecPhysical) { v.VDIVPS(y, x, x) })
		zip(v, "squaredDifference", "dst[i] = (a[i]-b[i]) * (a[i]-b[i])", func(x, y, _ reg.VecPhysical) {
			v.VSUBPS(y, x, x)
			v.VMULPS(x, x, x)
		})
		zip(v, "minimum", "dst[i] = min(a[i], b[i])", v.least)
		zip(v, "maximum", "dst[i] = max(a[i], b[i])", v.greatest)

		withNumber(v, "addScalar", "dst[i] = x[i] + s", func(x, s, _ reg.VecPhysical) { v.VADDPS(s, x, x) })
		withNumber(v, "mulScalar", "dst[i] = x[i] * s", func(x, s, _ reg.VecPhysical) { v.VMULPS(s, x, x) })
		withNumber(v, "divScalar", "dst[i] = x[i] / s", func(x, s, _ reg.VecPhysical) { v.VDIVPS(s, x, x) })
		withNumber(v, "scalarSub", "dst[i] = s - x[i]", func(x, s, _ reg.VecPhysical) { v.VSUBPS(x, s, x) })
		withNumber(v, "scalarDiv", "dst[i] = s / x[i]", func(x, s, _ reg.VecPhysical) { v.VDIVPS(x, s, x) })
		withNumber(v, "minimumScalar", "dst[i] = min(x[i], s)", v.least)
		withNumber(v, "maximumScalar", "dst[i] = max(x[i], s)", v.greatest)

		alone(v, "neg", "dst[i] = -x[i]", func(x reg.VecPhysical) { v.VXORPS(v.bits(signBit), x, x) })
		alone(v, "abs", "dst[i] = |x[i]|", func(x reg.VecPhysical) { v.VANDPS(v.bits(^uint32(signBit)), x, x) })
		alone(v, "square", "dst[i] = x[i] * x[i]", func(x reg.VecPhysical) { v.VMULPS(x, x, x) })

		clip(v)
		axpy(v)
	})
}

// signBit is the sign of a float32.
const signBit = 1 << 31

// zip writes dst[i] = a[i] op b[i]; op leaves the result in x and may use t.
func zip(v *simd, name, formula string, op func(x, y, t reg.VecPhysical)) {
	v.function(name, "func(dst, a, b *float32, n int)", "is "+formula+" for n elements.")
	dst, a, b, n := v.param("dst"), v.param("a"), v.param("b"), v.param("n")
	v.each(n, []reg.GPVirtual{dst, a, b}, 4, func(m []mover) {
		for i, m := range m {
			x, y, t := v.reg(3*i), v.reg(3*i+1), v.reg(3*i+2)
			m.load(a, x)
			m.load(b, y)
			op(x, y, t)
			m.store(x, dst)
		}
	})
	v.end()
}

// withNumber writes dst[i] = x[i] op s; op leaves the result in x, leaves s as
// it is and may use t.
func withNumber(v *simd, name, formula string, op func(x, s, t reg.VecPhysical)) {
	v.function(name, "func(dst, x *float32, s float32, n int)", "is "+formula+" for n elements.")
	dst, x, n := v.param("dst"), v.param("x"), v.param("n")
	s := v.reg(14)
	v.splat("s", s)
	v.each(n, []reg.GPVirtual{dst, x}, 4, func(m []mover) {
		for i, m := range m {
			r, t := v.reg(2*i), v.reg(2*i+1)
			m.load(x, r)
			op(r, s, t)
			m.store(r, dst)
		}
	})
	v.end()
}

// alone writes dst[i] = op(x[i]).
func alone(v *simd, name, formula string, op func(x reg.VecPhysical)) {
	v.function(name, "func(dst, x *float32, n int)", "is "+formula+" for n elements.")
	dst, x, n := v.param("dst"), v.param("x"), v.param("n")
	v.each(n, []reg.GPVirtual{dst, x}, 4, func(m []mover) {
		for i, m := range m {
			r := v.reg(i)
			m.load(x, r)
			op(r)
			m.store(r, dst)
		}
	})
	v.end()
}

// least sets x to the lesser of x and y as Go's min has it: NaN if either is,
// and -0 is less than 0. The instruction returns its second operand where one
// is NaN or both are zero, so it is taken both ways. Their bits united
// are NaN where one is, the lesser of two zeros, and else the minimum itself.
func (v *simd) least(x, y, t reg.VecPhysical) {
	v.VMINPS(x, y, t)
	v.VMINPS(y, x, x)
	v.VORPS(t, x, x)
}

// greatest sets x to the greater of x and y as Go's max has it: -min(-x, -y).
func (v *simd) greatest(x, y, t reg.VecPhysical) {
	sign := v.bits(signBit)
	v.VXORPS(sign, y, t)
	v.VXORPS(sign, x, x)
	u := v.reg(13)
	v.VMINPS(t, x, u)
	v.VMINPS(x, t, x)
	v.VORPS(u, x, x)
	v.VXORPS(sign, x, x)
}

// clip writes dst[i] = min(max(x[i], lo), hi). Of a NaN and a bound the
// instructions return their second operand, which is x.
func clip(v *simd) {
	v.function("clip", "func(dst, x *float32, lo, hi float32, n int)", "is dst[i] = min(max(x[i], lo), hi) for n elements; NaN stays NaN.")
	dst, x, n := v.param("dst"), v.param("x"), v.param("n")
	lo, hi := v.reg(13), v.reg(14)
	v.splat("lo", lo)
	v.splat("hi", hi)
	v.each(n, []reg.GPVirtual{dst, x}, 4, func(m []mover) {
		for i, m := range m {
			r := v.reg(i)
			m.load(x, r)
			v.VMAXPS(r, lo, r)
			v.VMINPS(r, hi, r)
			m.store(r, dst)
		}
	})
	v.end()
}

// axpy rounds the product, as the portable loop does: memory bounds it, and a
// fused step would only make the bits differ.
func axpy(v *simd) {
	v.function("axpy", "func(dst *float32, alpha float32, x *float32, n int)", "is dst[i] += alpha * x[i] for n elements.")
	dst, x, n := v.param("dst"), v.param("x"), v.param("n")
	alpha := v.reg(14)
	v.splat("alpha", alpha)
	v.each(n, []reg.GPVirtual{dst, x}, 4, func(m []mover) {
		for i, m := range m {
			d, r := v.reg(2*i), v.reg(2*i+1)
			m.load(x, r)
			m.load(dst, d)
			v.VMULPS(alpha, r, r)
			v.VADDPS(r, d, d)
			m.store(d, dst)
		}
	})
	v.end()
}
