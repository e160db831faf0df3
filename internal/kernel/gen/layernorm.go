package main

import (
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// layerNorm writes the walks over rows that layer normalisation takes. They
// compute in float64, and round every operation as the portable loops do: only
// the order of sums is another.
func layerNorm(c *build.Context) {
	both(c, func(v *simd) {
		wideSum(v)
		squaresFrom(v)
		layerNormRow(v)
		layerNormSums(v)
		layerNormGradRow(v)
	})
}

// wideSum keeps eight sums in flight, for the halves of four vectors.
func wideSum(v *simd) {
	v.function("wideSum", "func(x *float32, n int) float64", "returns x[0] + x[1] + ... over n elements, in float64.")
	x, n := v.param("x"), v.param("n")
	v.sumHalves(n, []reg.GPVirtual{x}, func(m mover, half int, d reg.VecPhysical) {
		v.half(m, x, half, d)
	}, func(d, sum reg.VecPhysical) { v.VADDPD(d, sum, sum) })
}

func squaresFrom(v *simd) {
	v.function("squaresFrom", "func(x *float32, center float64, n int) float64",
		"returns the sum of (x[i]-center)^2 over n elements, in float64.")
	x, n := v.param("x"), v.param("n")
	center := v.reg(14)
	v.splat64("center", center)
	v.sumHalves(n, []reg.GPVirtual{x}, func(m mover, half int, d reg.VecPhysical) {
		v.half(m, x, half, d)
		v.VSUBPD(center, d, d)
		if m.tail { // what is not there is not center away
			m.clearHalf(d, half, v.reg(13))
		}
	}, func(d, sum reg.VecPhysical) { v.VFMADD231PD(d, d, sum) })
}

// half sets d to half of the vector at p, in float64. It is to be asked for the
// lower half first.
func (v *simd) half(m mover, p reg.GPVirtual, half int, d reg.VecPhysical) {
	r := v.reg(12)
	if half == 0 {
		m.load(p, r)
	}
	v.widen(r, half, d)
}

// sumHalves returns a sum over n elements: term sets d to half a vector of terms,
// which add puts into a sum.
func (v *simd) sumHalves(n reg.GPVirtual, pointers []reg.GPVirtual, term func(m mover, half int, d reg.VecPhysical), add func(d, sum reg.VecPhysical)) {
	const unroll = 4
	for i := range 2 * unroll {
		v.zero(v.reg(i))
	}
	v.each(n, pointers, unroll, func(m []mover) {
		for i, m := range m {
			for half := range 2 {
				d := v.reg(8 + (2*i+half)%4)
				term(m, half, d)
				add(d, v.reg(2*i+half))
			}
		}
	})
	for k := unroll; k > 0; k /= 2 {
		for i := range k {
			v.VADDPD(v.reg(i+k), v.reg(i), v.reg(i))
		}
	}
	v.across64(v.reg(0), v.reg(1))
	at, err := v.ReturnIndex(0).Resolve()
	if err != nil {
		panic(err)
	}
	v.VMOVSD(v.reg(0).AsX(), at.Addr)
	v.end()
}

// halfMask returns the mask of the elements in a half of the tail: with AVX2, in
// spare.
func (m mover) halfMask(half int, spare reg.VecPhysical) reg.Register {
	v := m.v
	if v.wide {
		if half == 0 {
			return reg.K7
		}
		v.KSHIFTRW(operand.Imm(8), reg.K7, reg.K6)
		return reg.K6
	}
	from := v.tailVec
	if half == 1 {
		v.VEXTRACTI128(operand.Imm(1), from, spare.AsX())
		from = spare
	}
	v.VPMOVSXDQ(from.AsX(), spare)
	return spare
}

// clearHalf makes the lanes of r, half a vector, zero that are behind the tail.
func (m mover) clearHalf(r reg.VecPhysical, half int, spare reg.VecPhysical) {
	mask := m.halfMask(half, spare)
	if m.v.wide {
		m.v.VMOVAPD_Z(r, mask, r)
	} else {
		m.v.VANDPD(mask, r, r)
	}
}

// loadHalf reads half a vector of float64 from the array at p, which has twice
// the displacement.
func (m mover) loadHalf(p reg.GPVirtual, half int, r, spare reg.VecPhysical) {
	at := operand.Mem{Base: p, Disp: 2*m.disp + half*m.v.width}
	switch {
	case !m.tail:
		m.v.VMOVUPD(at, r)
	case m.v.wide:
		m.v.VMOVUPD_Z(at, m.halfMask(half, spare), r)
	default:
		m.v.VMASKMOVPD(at, m.halfMask(half, spare), r)
	}
}

func layerNormRow(v *simd) {
	v.function("layerNorm", "func(y, x, gamma, beta *float32, mean, inv float64, n int)", "is LayerNorm for n elements.")
	y, x, gamma, beta, n := v.param("y"), v.param("x"), v.param("gamma"), v.param("beta"), v.param("n")
	mean, inv := v.reg(13), v.reg(14)
	v.splat64("mean", mean)
	v.splat64("inv", inv)
	v.each(n, []reg.GPVirtual{y, x, gamma, beta}, 2, func(m []mover) {
		for i, m := range m {
			r, lo, hi, k := v.reg(4*i), v.reg(4*i+1), v.reg(4*i+2), v.reg(4*i+3)
			m.load(x, r)
			for half, d := range []reg.VecPhysical{lo, hi} {
				v.widen(r, half, d)
				v.VSUBPD(mean, d, d)
				v.VMULPD(inv, d, d)
			}
			v.narrow(lo, hi)
			m.load(gamma, k)
			v.VMULPS(k, lo, lo)
			m.load(beta, k)
			v.VADDPS(k, lo, lo)
			m.store(lo, y)
		}
	})
	v.end()
}

func layerNormSums(v *simd) {
	v.function("layerNormSums", "func(dgamma, dbeta *float64, dy, x, gamma *float32, mean, inv float64, n int) (s1, s2 float64)",
		"is LayerNormSums for n elements.")
	dgamma, dbeta, dy, x, gamma, n := v.param("dgamma"), v.param("dbeta"), v.param("dy"), v.param("x"), v.param("gamma"), v.param("n")
	s1, s2 := []reg.VecPhysical{v.reg(0), v.reg(1)}, []reg.VecPhysical{v.reg(2), v.reg(3)}
	mean, inv, spare := v.reg(13), v.reg(14), v.reg(12)
	v.splat64("mean", mean)
	v.splat64("inv", inv)
	for i := range 4 {
		v.zero(v.reg(i))
	}
	v.each(n, []reg.GPVirtual{dgamma, dgamma, dbeta, dbeta, dy, x, gamma}, 1, func(m []mover) {
		px, pd, pg := v.reg(4), v.reg(5), v.reg(6)
		xhat, d, g, sum := v.reg(7), v.reg(8), v.reg(9), v.reg(10)
		m[0].load(x, px)
		m[0].load(dy, pd)
		m[0].load(gamma, pg)
		for half := range 2 {
			v.widen(px, half, xhat)
			v.VSUBPD(mean, xhat, xhat)
			v.VMULPD(inv, xhat, xhat)
			v.widen(pd, half, d)
			m[0].loadHalf(dbeta, half, sum, spare)
			v.VADDPD(d, sum, sum)
			m[0].storeHalf(sum, dbeta, half, spare)
			v.widen(pg, half, g)
			v.VMULPD(d, g, g)
			v.VADDPD(g, s1[half], s1[half])
			m[0].loadHalf(dgamma, half, sum, spare)
			v.VMULPD(xhat, d, d)
			v.VADDPD(d, sum, sum)
			m[0].storeHalf(sum, dgamma, half, spare)
			v.VMULPD(xhat, g, g)
			v.VADDPD(g, s2[half], s2[half])
		}
	})
	for i, s := range [][]reg.VecPhysical{s1, s2} {
		v.VADDPD(s[1], s[0], s[0])
		v.across64(s[0], s[1])
		at, err := v.ReturnIndex(i).Resolve()
		if err != nil {
			panic(err)
		}
		v.VMOVSD(s[0].AsX(), at.Addr)
	}
	v.end()
}

func layerNormGradRow(v *simd) {
	v.function("layerNormGrad", "func(dx, dy, x, gamma *float32, mean, inv, m1, m2 float64, n int)", "is LayerNormGrad for n elements.")
	dx, dy, x, gamma, n := v.param("dx"), v.param("dy"), v.param("x"), v.param("gamma"), v.param("n")
	mean, inv, m1, m2 := v.reg(11), v.reg(12), v.reg(13), v.reg(14)
	v.splat64("mean", mean)
	v.splat64("inv", inv)
	v.splat64("m1", m1)
	v.splat64("m2", m2)
	v.each(n, []reg.GPVirtual{dx, dy, x, gamma}, 1, func(m []mover) {
		px, pd, pg := v.reg(0), v.reg(1), v.reg(2)
		m[0].load(x, px)
		m[0].load(dy, pd)
		m[0].load(gamma, pg)
		out := []reg.VecPhysical{v.reg(3), v.reg(4)}
		for half, g := range out {
			xhat, d := v.reg(5+2*half), v.reg(6+2*half)
			v.widen(px, half, xhat)
			v.VSUBPD(mean, xhat, xhat)
			v.VMULPD(inv, xhat, xhat)
			v.VMULPD(m2, xhat, xhat)
			v.widen(pd, half, d)
			v.widen(pg, half, g)
			v.VMULPD(d, g, g)
			v.VSUBPD(m1, g, g)
			v.VSUBPD(xhat, g, g)
			v.VMULPD(inv, g, g)
		}
		v.narrow(out[0], out[1])
		m[0].store(out[0], dx)
	})
	v.end()
}
