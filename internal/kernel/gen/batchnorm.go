package main

import (
	"math"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// batchNormCoefs writes what batch normalisation computes for each column from
// its statistics: in float64, every operation rounded as in the portable loops,
// so that the bits are the same.
func batchNormCoefs(c *build.Context) {
	both(c, func(v *simd) {
		d := v.doubles()
		batchNormScales(d)
		batchNormTrainCoefs(d)
		batchNormGradCoefs(d)
	})
}

// doubles is v for vectors of float64, half as many elements: each goes over
// arrays of float32 by half vectors, and tailMask has a lane for each.
func (v *simd) doubles() *simd {
	d := *v
	d.width /= 2
	d.lanes /= 2
	return &d
}

// floats is the part of r that holds a float32 for each of its float64.
func (m mover) floats(r reg.VecPhysical) reg.Register {
	if m.v.wide {
		return r.AsY()
	}
	return r.AsX()
}

// readFloats sets r to float64 of the float32 at p.
func (m mover) readFloats(p reg.GPVirtual, r reg.VecPhysical) {
	at := operand.Mem{Base: p, Disp: m.disp}
	switch {
	case !m.tail:
		m.v.VCVTPS2PD(at, r)
		return
	case m.v.wide:
		m.v.VMOVUPS_Z(at, m.v.tail, m.floats(r))
	default:
		m.v.VMASKMOVPS(at, m.v.tailVec.AsX(), m.floats(r))
	}
	m.v.VCVTPS2PD(m.floats(r), r)
}

// writeFloats writes r to the float32 at p, which it leaves in floats(r).
func (m mover) writeFloats(r reg.VecPhysical, p reg.GPVirtual) {
	at := operand.Mem{Base: p, Disp: m.disp}
	if m.v.wide {
		m.v.VCVTPD2PS(r, m.floats(r))
	} else {
		m.v.VCVTPD2PSY(r, m.floats(r))
	}
	switch {
	case !m.tail:
		m.v.VMOVUPS(m.floats(r), at)
	case m.v.wide:
		m.v.VMOVUPS(m.floats(r), m.v.tail, at)
	default:
		m.v.VMASKMOVPS(m.floats(r), m.v.tailVec.AsX(), at)
	}
}

// one64 is a vector of ones in read-only memory.
func (v *simd) one64() operand.Mem {
	key := constantKey{v.Context, one64Key}
	if _, ok := constants[key]; !ok {
		one := math.Float64bits(1)
		var words []uint32
		for range 8 {
			words = append(words, uint32(one), uint32(one>>32))
		}
		constants[key] = v.table("one64", words)
	}
	return constants[key]
}

// one64Key stands for the vector of ones among the constants.
const one64Key = 0x7fa5a5a7

func batchNormScales(v *simd) {
	v.function("batchNormScales", "func(scale, gamma, variance *float32, epsilon float64, n int)", "is BatchNormScales for n columns.")
	scale, gamma, variance, n := v.param("scale"), v.param("gamma"), v.param("variance"), v.param("n")
	epsilon := v.reg(14)
	v.splat64("epsilon", epsilon)
	v.each(n, []reg.GPVirtual{scale, gamma, variance}, 2, func(m []mover) {
		for i, m := range m {
			d, k := v.reg(2*i), v.reg(2*i+1)
			m.readFloats(variance, d)
			v.VADDPD(epsilon, d, d)
			v.VSQRTPD(d, d)
			m.readFloats(gamma, k)
			v.VDIVPD(d, k, k)
			m.writeFloats(k, scale)
		}
	})
	v.end()
}

func batchNormTrainCoefs(v *simd) {
	v.function("batchNormCoefs", "func(scale, shift, mean, variance, rest, gamma, beta *float32, mu, m2 *float64, rows, epsilon float64, n int)",
		"is BatchNormCoefs for n columns.")
	scale, shift, mean, variance, rest := v.param("scale"), v.param("shift"), v.param("mean"), v.param("variance"), v.param("rest")
	gamma, beta, mu, m2, n := v.param("gamma"), v.param("beta"), v.param("mu"), v.param("m2"), v.param("n")
	rows, epsilon, spare := v.reg(13), v.reg(14), v.reg(12)
	v.splat64("rows", rows)
	v.splat64("epsilon", epsilon)
	// Arrays of float64 advance twice.
	v.each(n, []reg.GPVirtual{scale, shift, mean, variance, rest, gamma, beta, mu, mu, m2, m2}, 1, func(all []mover) {
		m := all[0]
		q, left, k, t := v.reg(0), v.reg(1), v.reg(2), v.reg(3)
		m.loadHalf(m2, 0, q, spare)
		v.VDIVPD(rows, q, q)
		v.VMOVAPD(q, t)
		m.writeFloats(t, variance)
		m.loadHalf(mu, 0, left, spare)
		v.VMOVAPD(left, t)
		m.writeFloats(t, mean)
		v.VCVTPS2PD(m.floats(t), t)
		v.VSUBPD(t, left, left)
		v.VMOVAPD(left, t)
		m.writeFloats(t, rest)
		v.VADDPD(epsilon, q, q)
		v.VSQRTPD(q, q)
		m.readFloats(gamma, k)
		v.VDIVPD(q, k, k)
		m.readFloats(beta, t)
		v.VMULPD(k, left, left)
		v.VSUBPD(left, t, t)
		m.writeFloats(t, shift)
		m.writeFloats(k, scale)
	})
	v.end()
}

func batchNormGradCoefs(v *simd) {
	v.function("batchNormGradCoefs", "func(p, q, k, dgamma, dbeta, gamma, variance, rest *float32, s1, s2 *float64, minusRows, epsilon float64, n int)",
		"is BatchNormGradCoefs for n columns.")
	outP, outQ, outK, dgamma, dbeta := v.param("p"), v.param("q"), v.param("k"), v.param("dgamma"), v.param("dbeta")
	gamma, variance, rest, s1, s2, n := v.param("gamma"), v.param("variance"), v.param("rest"), v.param("s1"), v.param("s2"), v.param("n")
	one, minusRows, epsilon, spare := v.reg(12), v.reg(13), v.reg(14), v.reg(11)
	v.VMOVUPD(v.one64(), one)
	v.splat64("minusRows", minusRows)
	v.splat64("epsilon", epsilon)
	v.each(n, []reg.GPVirtual{outP, outQ, outK, dgamma, dbeta, gamma, variance, rest, s1, s1, s2, s2}, 1, func(all []mover) {
		m := all[0]
		inv, left, a, dg, p, q, t := v.reg(0), v.reg(1), v.reg(2), v.reg(3), v.reg(4), v.reg(5), v.reg(6)
		m.readFloats(variance, inv)
		v.VADDPD(epsilon, inv, inv)
		v.VSQRTPD(inv, inv)
		v.VDIVPD(inv, one, inv)
		m.readFloats(rest, left)
		m.loadHalf(s1, 0, a, spare)
		m.loadHalf(s2, 0, dg, spare)
		v.VMULPD(a, left, t)
		v.VSUBPD(t, dg, dg)
		v.VMULPD(inv, dg, dg)
		m.readFloats(gamma, p)
		v.VMULPD(inv, p, p)
		v.VMULPD(inv, p, q)
		v.VMULPD(dg, q, q)
		v.VDIVPD(minusRows, q, q)
		v.VMULPD(a, p, t)
		v.VDIVPD(minusRows, t, t)
		v.VMULPD(left, q, left)
		v.VSUBPD(left, t, t)
		m.writeFloats(dg, dgamma)
		m.writeFloats(a, dbeta)
		m.writeFloats(p, outP)
		m.writeFloats(q, outQ)
		m.writeFloats(t, outK)
	})
	v.end()
}
