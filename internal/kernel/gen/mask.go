package main

import (
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// mask writes kernels that choose by an array of bytes 0 or 1, what makes
// such bytes, and what makes numbers of bytes.
func mask(c *build.Context) {
	order(&simd{Context: c, name: "AVX2", width: 32, lanes: 8})
	both(c, func(v *simd) {
		v.function("keep", "func(dst, x *float32, mask *byte, scale float32, n int)",
			"is, for n elements, dst[i] = x[i] * scale where mask[i] is 1 and 0 where it is 0.")
		scale := v.reg(14)
		v.splat("scale", scale)
		v.eachMasked([]string{"dst", "x"}, func(m mover, p []reg.GPVirtual, yes, x, _ reg.VecPhysical) {
			m.load(p[1], x)
			if v.wide {
				v.VMULPS_Z(scale, x, reg.K1, x)
			} else {
				v.VMULPS(scale, x, x)
				v.VANDPS(yes, x, x)
			}
			m.store(x, p[0])
		})

		v.function("choose", "func(dst *float32, mask *byte, a, b *float32, n int)",
			"is, for n elements of 32 bits, dst[i] = a[i] where mask[i] is 1 and b[i] where it is 0.")
		v.eachMasked([]string{"dst", "a", "b"}, func(m mover, p []reg.GPVirtual, yes, x, y reg.VecPhysical) {
			m.load(p[1], x)
			m.load(p[2], y)
			if v.wide {
				v.VBLENDMPS(x, y, reg.K1, x)
			} else {
				v.VBLENDVPS(yes, x, y, x)
			}
			m.store(x, p[0])
		})

		v.function("fromBytes", "func(dst *float32, x *byte, n int)", "is dst[i] = x[i] for n elements.")
		v.eachBytes("x", []string{"dst"}, func(m mover, p []reg.GPVirtual, b, _, _ reg.VecPhysical) {
			v.VCVTDQ2PS(b, b)
			m.store(b, p[0])
		})
	})
}

// order compares bytes; wider vectors gain nothing.
func order(v *simd) {
	v.function("order", "func(dst, x *byte, limits, equals uint32, vectors int)",
		"is dst[i] = 0, 1 or equals where x[i] is less than limits, greater or equal, for vectors of 32 bytes; limits and equals have four equal bytes.")
	dst, x, n := v.param("dst"), v.param("x"), v.param("vectors")
	limits, above, equals, loop, done := v.reg(4), v.reg(5), v.reg(6), v.label("loop"), v.label("done")
	v.splat("limits", limits)
	v.splat("equals", equals)
	v.VMOVDQU(v.bits(0x01010101), above)
	v.TESTQ(n, n)
	v.JZ(operand.LabelRef(done))
	v.Label(loop)
	bytes, most, same := v.reg(0), v.reg(1), v.reg(2)
	v.VMOVDQU(operand.Mem{Base: x}, bytes)
	v.VPMAXUB(limits, bytes, most)
	v.VPCMPEQB(bytes, most, most) // all ones where it is at least the limit
	v.VPCMPEQB(limits, bytes, same)
	v.VPAND(above, most, most)
	v.VPBLENDVB(same, equals, most, most)
	v.VMOVDQU(most, operand.Mem{Base: dst})
	v.ADDQ(operand.U32(32), x)
	v.ADDQ(operand.U32(32), dst)
	v.DECQ(n)
	v.JNZ(operand.LabelRef(loop))
	v.Label(done)
	v.end()
}

// eachMasked writes the rest of a function that walks over n float32 elements of
// the arrays and over the bytes of the parameter mask, which each body has as
// K1 or, with AVX2, as yes, a register of all ones where the byte is 1.
func (v *simd) eachMasked(arrays []string, body func(m mover, p []reg.GPVirtual, yes, x, y reg.VecPhysical)) {
	v.eachBytes("mask", arrays, func(m mover, p []reg.GPVirtual, yes, x, y reg.VecPhysical) {
		if v.wide {
			v.VPTESTMD(yes, yes, reg.K1)
		} else {
			v.VPCMPEQD(v.bits(1), yes, yes)
		}
		body(m, p, yes, x, y)
	})
}

// eachBytes writes the rest of a function that walks over n float32 elements of
// the arrays and n bytes, which each body has as 32-bit integers b.
func (v *simd) eachBytes(bytes string, arrays []string, body func(m mover, p []reg.GPVirtual, b, x, y reg.VecPhysical)) {
	p := make([]reg.GPVirtual, len(arrays))
	for i, name := range arrays {
		p[i] = v.param(name)
	}
	q, n := v.param(bytes), v.param("n")
	v.each(n, p, 4, func(m []mover) {
		for i, m := range m {
			b, x, y := v.reg(3*i), v.reg(3*i+1), v.reg(3*i+2)
			at := operand.Mem{Base: q, Disp: m.disp / 4}
			switch {
			case v.wide && m.tail:
				v.VPMOVZXBD_Z(at, reg.K7, b)
			case m.tail:
				v.lastBytes(q, n, b)
			default:
				v.VPMOVZXBD(at, b)
			}
			body(m, p, b, x, y)
		}
		v.ADDQ(operand.U32(uint32(len(m)*v.lanes)), q)
	})
	v.end()
}

// lastBytes extends n < 8 bytes at p into the lanes of r; AVX2 has no masked
// load of bytes.
func (v *simd) lastBytes(p, n reg.GPVirtual, r reg.VecPhysical) {
	all, b, i, loop := v.GP64(), v.GP64(), v.GP64(), v.label("bytes")
	v.XORQ(all, all)
	v.MOVQ(n, i)
	v.Label(loop)
	v.SHLQ(operand.Imm(8), all)
	v.MOVBQZX(operand.Mem{Base: p, Index: i, Scale: 1, Disp: -1}, b)
	v.ORQ(b, all)
	v.DECQ(i)
	v.JNZ(operand.LabelRef(loop))
	v.VMOVQ(all, r.AsX())
	v.VPMOVZXBD(r.AsX(), r)
}
