package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// philox writes package philox's generator: Philox4x32-10 of consecutive
// counters, each in a 64-bit lane, of which the multiplication reads the lower
// half and leaves the upper one to whatever comes.
func philox(c *build.Context) {
	both(c, func(v *simd) {
		v.function("words", "func(dst *byte, groups int, first, draw uint64, key0, key1 uint32)",
			"sets dst to groups of blocks from number first on, the bytes of a word from the low one.")
		blocks(v, func(p reg.GPVirtual, r reg.VecPhysical, disp int) {
			v.VMOVUPS(r, operand.Mem{Base: p, Disp: disp})
		})
		v.end()

		v.function("uniform", "func(dst *float32, groups int, first, draw uint64, key0, key1 uint32, lo, span, last float32)",
			"sets dst to min(lo + span*Uniform32(w), last) for the words w of groups of blocks from number first on.")
		lo, span := v.reg(14), v.reg(15)
		v.splat("lo", lo)
		v.splat("span", span)
		blocks(v, func(p reg.GPVirtual, r reg.VecPhysical, disp int) {
			v.VPSRLD(operand.Imm(8), r, r)
			v.VCVTDQ2PS(r, r)
			v.VMULPS(v.constant(0x1p-24), r, r)
			v.VMULPS(span, r, r)
			v.VADDPS(lo, r, r)
			last := v.reg(12) // the key's, which is loaded anew
			v.splat("last", last)
			v.VMINPS(r, last, r) // NaN if r is
			v.VMOVUPS(r, operand.Mem{Base: p, Disp: disp})
		})
		v.end()
	})
}

// philoxSets is how many vectors of counters are worked on at once, to hide the
// latency of the rounds.
func (v *simd) philoxSets() int {
	if v.wide {
		return 4
	}
	return 2
}

// blocks makes groups of blocks and gives their words, in order, to store, a
// vector at a time: it is to put r at disp behind p and may change r. Registers
// 14 and 15 are the caller's.
func blocks(v *simd, store func(p reg.GPVirtual, r reg.VecPhysical, disp int)) {
	const weyl0, weyl1, mul0, mul1 = 0x9E3779B9, 0xBB67AE85, 0xD2511F53, 0xCD9E8D57
	dst, groups, first := v.param("dst"), v.param("groups"), v.param("first")
	draw, err := v.Param("draw").Resolve()
	if err != nil {
		panic(err)
	}
	k0, k1 := v.reg(12), v.reg(13)
	sets := make([][6]reg.VecPhysical, v.philoxSets())
	for s := range sets {
		for i := range sets[s] {
			r := 6*s + i
			if r >= 12 { // beyond the key and the caller's registers
				r += 4
			}
			sets[s][i] = v.reg(r)
		}
	}
	quads := v.lanes / 4 // 128-bit lanes, a block each once they are in order
	loop, done := v.label("loop"), v.label("done")
	v.TESTQ(groups, groups)
	v.JZ(operand.LabelRef(done))
	v.Label(loop)
	v.splat("key0", k0)
	v.splat("key1", k1)
	for s := range sets {
		c := &sets[s]
		low := c[0].AsX()
		v.VMOVQ(first, low)
		v.VPBROADCASTQ(low, c[0])
		v.VPADDQ(v.counters(s, quads), c[0], c[0])
		v.VPSRLQ(operand.Imm(32), c[0], c[1])
		v.VPBROADCASTQ(draw.Addr, c[2])
		v.VPSRLQ(operand.Imm(32), c[2], c[3])
	}
	for round := 0; round < 10; round++ {
		for s := range sets {
			c := &sets[s]
			v.VPMULUDQ(v.bits(mul0), c[0], c[4])
			v.VPMULUDQ(v.bits(mul1), c[2], c[5])
			v.VPSRLQ(operand.Imm(32), c[5], c[0])
			v.VPSRLQ(operand.Imm(32), c[4], c[2])
			v.xor3(c[1], k0, c[0])
			v.xor3(c[3], k1, c[2])
			c[1], c[3], c[4], c[5] = c[5], c[4], c[1], c[3]
		}
		if round < 9 {
			v.VPADDD(v.bits(weyl0), k0, k0)
			v.VPADDD(v.bits(weyl1), k1, k1)
		}
	}
	for s := range sets {
		c := &sets[s]
		const even, odd = 0x88, 0xdd
		v.VSHUFPS(operand.Imm(even), c[1], c[0], c[4]) // words 0, 0', 1, 1' of two counters in each quad
		v.VSHUFPS(operand.Imm(even), c[3], c[2], c[5]) // 2, 2', 3, 3'
		v.VSHUFPS(operand.Imm(even), c[5], c[4], c[0])
		v.VSHUFPS(operand.Imm(odd), c[5], c[4], c[1])
		store(dst, c[0], 2*s*v.width)
		store(dst, c[1], (2*s+1)*v.width)
	}
	v.ADDQ(operand.U32(uint32(2*len(sets)*v.width)), dst)
	v.ADDQ(operand.U32(uint32(2*len(sets)*quads)), first)
	v.DECQ(groups)
	v.JNZ(operand.LabelRef(loop))
	v.Label(done)
}

// counters is the table of the numbers that set s of a group adds to its first
// counter. The even 64-bit lanes have the blocks of one vector of words, the odd
// ones those of the next.
func (v *simd) counters(s, quads int) operand.Mem {
	key := constantKey{v.Context, countersKey + uint32(s) + 8*uint32(quads)}
	at, ok := constants[key]
	if !ok {
		words := make([]uint32, 4*quads)
		for q := range quads {
			words[4*q] = uint32(2*s*quads + q)
			words[4*q+2] = uint32((2*s+1)*quads + q)
		}
		at = v.table(fmt.Sprintf("counters%s%d", v.name, s), words)
		constants[key] = at
	}
	return at
}

// countersKey stands for the tables of counters among the constants, as
// maskKey does for its table.
const countersKey = 0x7fa5a600

// xor3 sets r to r ^ a ^ b.
func (v *simd) xor3(a, b, r reg.VecPhysical) {
	if v.wide {
		v.VPTERNLOGD(operand.Imm(0x96), a, b, r)
		return
	}
	v.VPXOR(a, r, r)
	v.VPXOR(b, r, r)
}
