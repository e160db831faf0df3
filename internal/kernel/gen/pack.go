package main

import (
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// pack writes what copies pieces of a matrix to where a product reads them
// fast, and a loop that measures how fast a product could be.
func pack(c *build.Context) {
	both(c, func(v *simd) {
		packRows(v)
		if !v.wide { // as fast as 16 x 16 blocks, which would need more of the rest
			packColumns(v)
		}
		peak(v)
	})
}

// packRows copies rows of two vectors.
func packRows(v *simd) {
	v.function("packRows", "func(dst, src *byte, rows, distance int)",
		"copies rows of two vectors from src, where they lie that many bytes apart, to dst, where they lie without a gap.")
	dst, src, rows, distance := v.param("dst"), v.param("src"), v.param("rows"), v.param("distance")
	ahead := v.GP64()
	v.MOVQ(distance, ahead)
	v.SHLQ(operand.Imm(3), ahead)
	loop := v.label("loop")
	v.Label(loop)
	for j := 0; j < 2; j++ {
		if v.wide || j == 0 {
			v.PREFETCHT0(operand.Mem{Base: src, Index: ahead, Scale: 1, Disp: j * v.width})
		}
		v.VMOVUPS(operand.Mem{Base: src, Disp: j * v.width}, v.reg(j))
	}
	for j := 0; j < 2; j++ {
		v.VMOVUPS(v.reg(j), operand.Mem{Base: dst, Disp: j * v.width})
	}
	v.ADDQ(distance, src)
	v.ADDQ(operand.U32(uint32(2*v.width)), dst)
	v.DECQ(rows)
	v.JNZ(operand.LabelRef(loop))
	v.end()
}

// packColumns transposes blocks of 8 x 8: eight rows of a become eight columns.
func packColumns(v *simd) {
	v.function("packColumns", "func(dst, src *float32, blocks, distance, width int)",
		"transposes 8 rows of 8*blocks elements of src, where they lie that many bytes apart, to 8*blocks rows of 8 elements of dst, which lie width bytes apart.")
	dst, src, blocks := v.param("dst"), v.param("src"), v.param("blocks")
	from, to := newRows(v, src, v.param("distance")), newRows(v, dst, v.param("width"))
	loop := v.label("loop")
	v.Label(loop)
	from.begin()
	to.begin()
	// Halves of rows i and i+4 side by side: their elements 0 to 3 in register
	// i, 4 to 7 in register i+4.
	for i := 0; i < 8; i++ {
		v.PREFETCHT0(from.at(i, 256))
	}
	for i := 0; i < 4; i++ {
		for half := 0; half < 2; half++ {
			r := v.reg(i + 4*half)
			v.VMOVUPS(from.at(i, 16*half), r.AsX())
			v.VINSERTF128(operand.Imm(1), from.at(i+4, 16*half), r, r)
		}
	}
	for half := 0; half < 2; half++ {
		r := func(i int) reg.VecPhysical { return v.reg(4*half + i) }
		t := func(i int) reg.VecPhysical { return v.reg(8 + 4*half + i) }
		v.VUNPCKLPS(r(1), r(0), t(0))
		v.VUNPCKHPS(r(1), r(0), t(1))
		v.VUNPCKLPS(r(3), r(2), t(2))
		v.VUNPCKHPS(r(3), r(2), t(3))
		v.VUNPCKLPD(t(2), t(0), r(0))
		v.VUNPCKHPD(t(2), t(0), r(1))
		v.VUNPCKLPD(t(3), t(1), r(2))
		v.VUNPCKHPD(t(3), t(1), r(3))
		for i := 0; i < 4; i++ {
			v.VMOVUPS(r(i), to.at(4*half+i, 0))
		}
	}
	v.ADDQ(operand.Imm(32), src)
	v.LEAQ(operand.Mem{Base: dst, Index: to.distance, Scale: 8}, dst)
	v.DECQ(blocks)
	v.JNZ(operand.LabelRef(loop))
	v.end()
}

// matrixRows reaches eight rows from two pointers.
type matrixRows struct {
	v                     *simd
	base, fourth          reg.GPVirtual
	distance, threeBehind reg.GPVirtual
}

func newRows(v *simd, base, distance reg.GPVirtual) *matrixRows {
	r := &matrixRows{v: v, base: base, fourth: v.GP64(), distance: distance, threeBehind: v.GP64()}
	v.LEAQ(operand.Mem{Base: distance, Index: distance, Scale: 2}, r.threeBehind)
	return r
}

// begin points at rows 4 to 7 behind base.
func (r *matrixRows) begin() {
	r.v.LEAQ(operand.Mem{Base: r.base, Index: r.distance, Scale: 4}, r.fourth)
}

// at is the memory of row i, a number of bytes into it.
func (r *matrixRows) at(i, disp int) operand.Mem {
	m := operand.Mem{Base: r.base, Disp: disp}
	if i >= 4 {
		m.Base = r.fourth
	}
	switch i % 4 {
	case 1, 2:
		m.Index, m.Scale = r.distance, uint8(i%4)
	case 3:
		m.Index, m.Scale = r.threeBehind, 1
	}
	return m
}

// peak multiplies and adds in registers only.
func peak(v *simd) {
	v.function("peak", "func(rounds int)", "does 12 independent fused multiply-adds of vectors in each round, without touching memory.")
	rounds := v.param("rounds")
	for i := 0; i < 14; i++ {
		v.zero(v.reg(i))
	}
	loop := v.label("loop")
	v.Label(loop)
	for i := 0; i < 12; i++ {
		v.VFMADD231PS(v.reg(12), v.reg(13), v.reg(i))
	}
	v.DECQ(rounds)
	v.JNZ(operand.LabelRef(loop))
	v.end()
}
