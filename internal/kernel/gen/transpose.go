package main

import (
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// transpose writes the transposition of matrices of 32-bit elements by square
// tiles that fill as many registers as a register has elements.
func transpose(c *build.Context) {
	both(c, func(v *simd) {
		v.function("transpose", "func(dst, src *float32, rows, cols, ldd, lds int)",
			"is dst[c*ldd+r] = src[r*lds+c] for r < rows and c < cols.")
		dst, src, rows, cols := v.param("dst"), v.param("src"), v.param("rows"), v.param("cols")
		to, from := tileRows{v: v}, tileRows{v: v}
		to.stride, from.stride = v.param("ldd"), v.param("lds")
		v.SHLQ(operand.Imm(2), to.stride)
		v.SHLQ(operand.Imm(2), from.stride)
		full := operand.U32(uint32(v.lanes))

		strips, tiles, partial, next, end := v.label("strips"), v.label("tiles"), v.label("partial"), v.label("next"), v.label("end")
		height, width, left, step := v.GP64(), v.GP64(), v.GP64(), v.GP64()
		to.at, from.at = v.GP64(), v.GP64()
		v.Label(strips)
		v.TESTQ(rows, rows)
		v.JLE(operand.LabelRef(end))
		v.MOVQ(dst, to.at)
		v.MOVQ(src, from.at)
		v.MOVQ(cols, left)
		v.Label(tiles)
		v.CMPQ(rows, full)
		v.JL(operand.LabelRef(partial))
		v.CMPQ(left, full)
		v.JL(operand.LabelRef(partial))
		for i := range v.lanes {
			v.VMOVUPS(from.row(i), v.reg(i))
		}
		for i, r := range v.transposed() {
			v.VMOVUPS(r, to.row(i))
		}
		v.MOVQ(to.stride, step)
		v.SHLQ(operand.Imm(uint64(log2(v.lanes))), step)
		v.ADDQ(step, to.at)
		v.ADDQ(operand.U32(uint32(v.width)), from.at)
		v.SUBQ(full, left)
		v.JG(operand.LabelRef(tiles))
		v.Label(next)
		v.ADDQ(operand.U32(uint32(v.width)), dst)
		v.MOVQ(from.stride, step)
		v.SHLQ(operand.Imm(uint64(log2(v.lanes))), step)
		v.ADDQ(step, src)
		v.SUBQ(full, rows)
		v.JMP(operand.LabelRef(strips))

		// A tile at an edge: as many rows and elements of each as there are.
		v.Label(partial)
		v.side(height, rows)
		v.side(width, left)
		v.tailMask(width)
		loaded, stored := v.label("loaded"), v.label("stored")
		for i := range v.lanes {
			v.loadMasked(from.row(i), v.reg(i))
			v.CMPQ(height, operand.U32(uint32(i+1)))
			v.JLE(operand.LabelRef(loaded))
		}
		v.Label(loaded)
		outs := v.transposed()
		v.tailMask(height)
		for i, r := range outs {
			v.storeMasked(r, to.row(i))
			v.CMPQ(width, operand.U32(uint32(i+1)))
			v.JLE(operand.LabelRef(stored))
		}
		v.Label(stored)
		v.MOVQ(to.stride, step)
		v.SHLQ(operand.Imm(uint64(log2(v.lanes))), step)
		v.ADDQ(step, to.at)
		v.ADDQ(operand.U32(uint32(v.width)), from.at)
		v.SUBQ(full, left)
		v.JG(operand.LabelRef(tiles))
		v.JMP(operand.LabelRef(next))

		v.Label(end)
		v.end()
	})
}

// tileRows addresses rows, stride bytes apart, from at on.
type tileRows struct {
	v      *simd
	at     reg.GPVirtual
	stride reg.GPVirtual
	four   reg.GPVirtual // four rows on, and so forth
	three  reg.GPVirtual
}

// row is where row i begins; rows are to be asked for in ascending order.
func (m *tileRows) row(i int) operand.Mem {
	v := m.v
	switch {
	case i == 0:
		m.four, m.three = v.GP64(), v.GP64()
		v.MOVQ(m.at, m.four)
		v.LEAQ(operand.Mem{Base: m.stride, Index: m.stride, Scale: 2}, m.three)
	case i%4 == 0:
		v.LEAQ(operand.Mem{Base: m.four, Index: m.stride, Scale: 4}, m.four)
	}
	switch i % 4 {
	case 0:
		return operand.Mem{Base: m.four}
	case 3:
		return operand.Mem{Base: m.four, Index: m.three, Scale: 1}
	}
	return operand.Mem{Base: m.four, Index: m.stride, Scale: uint8(i % 4)}
}

// transposed transposes the tile whose rows are in registers 0 on and returns
// the registers of its columns. With AVX2, Y15 is free then.
func (v *simd) transposed() []reg.VecPhysical {
	n := v.lanes
	r, t := make([]reg.VecPhysical, n), make([]reg.VecPhysical, n)
	for i := range n {
		r[i], t[i] = v.reg(i), v.reg(n+i)
	}
	for i := 0; i < n; i += 2 { // pairs of rows
		v.VUNPCKLPS(r[i+1], r[i], t[i])
		v.VUNPCKHPS(r[i+1], r[i], t[i+1])
	}
	for i := 0; i < n; i += 4 { // quads: lane L of r[i+j] has column 4L+j of rows i to i+3
		v.VUNPCKLPD(t[i+2], t[i], r[i])
		v.VUNPCKHPD(t[i+2], t[i], r[i+1])
		v.VUNPCKLPD(t[i+3], t[i+1], r[i+2])
		v.VUNPCKHPD(t[i+3], t[i+1], r[i+3])
	}
	columns := make([]reg.VecPhysical, n)
	for j := range 4 { // what is left is to transpose the 128-bit lanes
		if !v.wide {
			v.VPERM2F128(operand.Imm(0x31), r[4+j], r[j], t[j])
			v.VPERM2F128(operand.Imm(0x20), r[4+j], r[j], r[j])
			columns[j], columns[4+j] = r[j], t[j]
			continue
		}
		const even, odd = 0x88, 0xdd
		a, b, c, d := r[j], r[4+j], r[8+j], r[12+j]
		ta, tb, tc, td := t[j], t[4+j], t[8+j], t[12+j]
		v.VSHUFF32X4(operand.Imm(even), b, a, ta)
		v.VSHUFF32X4(operand.Imm(odd), b, a, tb)
		v.VSHUFF32X4(operand.Imm(even), d, c, tc)
		v.VSHUFF32X4(operand.Imm(odd), d, c, td)
		v.VSHUFF32X4(operand.Imm(even), tc, ta, a)
		v.VSHUFF32X4(operand.Imm(even), td, tb, b)
		v.VSHUFF32X4(operand.Imm(odd), tc, ta, c)
		v.VSHUFF32X4(operand.Imm(odd), td, tb, d)
		columns[j], columns[4+j], columns[8+j], columns[12+j] = a, b, c, d
	}
	return columns
}

// side sets r to n, or to the side of a tile where that is less.
func (v *simd) side(r, n reg.GPVirtual) {
	v.MOVQ(operand.U32(uint32(v.lanes)), r)
	v.CMPQ(n, r)
	v.CMOVQLT(n, r)
}

// log2 is that of a power of two.
func log2(n int) int {
	k := 0
	for 1<<k < n {
		k++
	}
	return k
}
