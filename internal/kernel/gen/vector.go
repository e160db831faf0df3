package main

import (
	"math"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// batch is the vectors that a body of each works on at once. What is written for
// a batch is written for each of its vectors in turn, so that the latency of one
// hides behind the others.
type batch struct {
	*simd
	m    []mover
	used int
}

// lanes is a register for each vector of a batch.
type lanes []reg.VecPhysical

// vectors walks over arrays as each does, with registers handed out by new. The
// unrolling is what the registers below those pinned allow for a body that asks
// for need of them.
func (v *simd) vectors(n reg.GPVirtual, pointers []reg.GPVirtual, need int, body func(b *batch)) {
	unroll := min(v.unpinned()/need, 4)
	v.each(n, pointers, unroll, func(m []mover) { body(&batch{simd: v, m: m}) })
	v.end()
	v.pinned, v.reserved = nil, 0
}

// new hands out registers.
func (b *batch) new() lanes {
	r := make(lanes, len(b.m))
	for i := range r {
		r[i] = b.reg(b.used)
		b.used++
	}
	if b.used > b.unpinned() {
		panic("a batch needs more registers than there are")
	}
	return r
}

// do writes an instruction, a method of build.Context, for each vector; of the
// operands, lanes differ between them.
func (b *batch) do(instruction any, operands ...any) {
	for i := range b.m {
		ops := make([]operand.Op, len(operands))
		for j, o := range operands {
			switch o := o.(type) {
			case lanes:
				ops[j] = o[i]
			case masks:
				ops[j] = o[i]
			case operand.Op:
				ops[j] = o
			default:
				panic("not an operand")
			}
		}
		switch f := instruction.(type) {
		case func(...operand.Op):
			f(ops...)
		case func(_, _ operand.Op):
			f(ops[0], ops[1])
		case func(_, _, _ operand.Op):
			f(ops[0], ops[1], ops[2])
		case func(_, _, _, _ operand.Op):
			f(ops[0], ops[1], ops[2], ops[3])
		default:
			panic("not an instruction")
		}
	}
}

// load returns the elements at p in new registers.
func (b *batch) load(p reg.GPVirtual) lanes {
	r := b.new()
	b.reload(p, r)
	return r
}

// reload reads the elements at p into r.
func (b *batch) reload(p reg.GPVirtual, r lanes) {
	for i, m := range b.m {
		m.load(p, r[i])
	}
}

// store writes r to the elements at p.
func (b *batch) store(r lanes, p reg.GPVirtual) {
	for i, m := range b.m {
		m.store(r[i], p)
	}
}

// pin keeps constants in the last registers for the whole function, as many of
// them as leave room for the batches. With AVX2 all stay in memory: its
// registers are few.
func (v *simd) pin(values ...float32) {
	v.pinned = map[uint32]reg.VecPhysical{}
	for _, f := range values {
		_, done := v.pinned[math.Float32bits(f)]
		if r := v.unpinned() - 1; v.wide && !done && r >= 20 {
			v.VMOVUPS(v.constant(f), v.reg(r))
			v.pinned[math.Float32bits(f)] = v.reg(r)
		}
	}
}

// unpinned is the number of registers that are free for batches.
func (v *simd) unpinned() int {
	if v.wide {
		return 32 - len(v.pinned) - v.reserved
	}
	return 15 - v.reserved // the last has the mask of the tail
}

// number is a constant as an operand: the register that it is pinned to, or
// memory.
func (v *simd) number(f float32) operand.Op {
	if r, ok := v.pinned[math.Float32bits(f)]; ok {
		return r
	}
	return v.constant(f)
}

// atLeast is x = max(x, f) where NaN in x stays NaN: the instruction returns its
// second source if one is NaN. It uses t.
func (b *batch) atLeast(f float32, x, t lanes) {
	b.do(b.VMOVUPS, b.number(f), t)
	b.do(b.VMAXPS, x, t, x)
}

// atMost is x = min(x, f) where NaN in x stays NaN. It uses t.
func (b *batch) atMost(f float32, x, t lanes) {
	b.do(b.VMOVUPS, b.number(f), t)
	b.do(b.VMINPS, x, t, x)
}

// and and or are bitwise with the lanes of a constant.
func (b *batch) and(bits uint32, x lanes) { b.do(b.bitand(), b.bits(bits), x, x) }
func (b *batch) or(bits uint32, x lanes)  { b.do(b.bitor(), b.bits(bits), x, x) }

// bitand and bitor are the bitwise instructions, which AVX-512 F
// spells by the size of the lane.
func (v *simd) bitand() any {
	if v.wide {
		return v.VPANDD
	}
	return v.VPAND
}

func (v *simd) bitor() any {
	if v.wide {
		return v.VPORD
	}
	return v.VPOR
}

// signOf gives y, which is not negative, or has it, the sign of the elements at p. It uses t.
func (b *batch) signOf(p reg.GPVirtual, y, t lanes) {
	b.reload(p, t)
	if b.wide {
		const orAnd = 0xf8 // the first or both the others
		b.do(b.VPTERNLOGD, operand.Imm(orAnd), b.bits(signBit), t, y)
		return
	}
	b.and(signBit, t)
	b.do(b.bitor(), t, y, y)
}

// masks is the outcome of a comparison for each vector of a batch: lanes of ones
// and zeros with AVX2, opmasks with AVX-512.
type masks []operand.Op

// The predicates of compare.
const (
	equal        = 0
	less         = 1
	lessEqual    = 2
	unordered    = 3
	notLess      = 5 // true for NaN
	notLessEqual = 6 // true for NaN
	greaterEqual = 13
	greater      = 14
)

// compare is a predicate of x and y, the second being an operand of any kind. It
// leaves the outcome in t with AVX2, in opmasks from K1 on with AVX-512.
func (b *batch) compare(predicate uint8, x lanes, y any, t lanes) masks {
	k := make(masks, len(b.m))
	for i := range k {
		if k[i] = t[i]; b.wide {
			k[i] = opmask[i]
		}
	}
	b.do(b.VCMPPS, operand.Imm(uint64(predicate)), y, x, k)
	return k
}

// negative is the signs of x, as compare gives them; x holds them with AVX2.
func (b *batch) negative(x lanes) masks {
	k := make(masks, len(b.m))
	for i := range k {
		if k[i] = x[i]; b.wide {
			k[i] = opmask[i]
			b.VPMOVD2M(x[i], k[i])
		}
	}
	return k
}

var opmask = []reg.Register{reg.K1, reg.K2, reg.K3, reg.K4}

// choose sets y to x where k.
func (b *batch) choose(k masks, x any, y lanes) {
	if b.wide {
		b.do(b.VMOVUPS, x, k, y)
	} else {
		b.do(b.VBLENDVPS, k, x, y, y)
	}
}

// only sets x to zero but where k.
func (b *batch) only(k masks, x lanes) {
	if b.wide {
		b.do(b.VMOVUPS_Z, x, k, x)
	} else {
		b.do(b.VANDPS, k, x, x)
	}
}

// horner is y = (...(c[n-1]*x + c[n-2])*x ...)*x + c[0].
func (b *batch) horner(x lanes, c []float32, y lanes) {
	b.do(b.VMOVUPS, b.number(c[len(c)-1]), y)
	for i := len(c) - 2; i >= 0; i-- {
		b.do(b.VFMADD213PS, b.number(c[i]), x, y)
	}
}

// reserve loads a float32 parameter into a register that it keeps. It comes after
// pin.
func (v *simd) reserve(name string) reg.VecPhysical {
	v.reserved++
	r := v.reg(v.unpinned())
	v.splat(name, r)
	return r
}

// zeros clears x.
func (b *batch) zeros(x lanes) {
	for _, r := range x {
		b.zero(r)
	}
}
