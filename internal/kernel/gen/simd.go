package main

import (
	"fmt"
	"math"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// simd writes code for vectors of float32 of one instruction set. The embedded
// Context has the instructions; the methods cover what the two sets spell
// differently.
type simd struct {
	*build.Context
	name   string // "AVX2" or "AVX512", which ends the names of functions
	width  int    // bytes of a vector
	lanes  int    // its float32 elements
	wide   bool   // AVX-512
	labels int

	tail    reg.Register // AVX-512: the opmask of the elements that are left
	tailVec reg.VecPhysical

	pinned   map[uint32]reg.VecPhysical // constants by their bits; see pin
	reserved int                        // registers that reserve gave out
}

// both calls emit for each instruction set.
func both(c *build.Context, emit func(v *simd)) {
	emit(&simd{Context: c, name: "AVX2", width: 32, lanes: 8})
	emit(&simd{Context: c, name: "AVX512", width: 64, lanes: 16, wide: true})
}

// function begins NAME+ISA with a Go signature; doc is its comment.
func (v *simd) function(name, signature, doc string) {
	v.Function(name + v.name)
	v.Attributes(attr.NOSPLIT)
	v.SignatureExpr(signature)
	v.Doc(name + v.name + " " + doc)
	v.Pragma("noescape")
}

// reg returns vector register i: 0 to 15, for AVX-512 to 31.
func (v *simd) reg(i int) reg.VecPhysical {
	if v.wide {
		return zmm[i]
	}
	return ymm[i]
}

var zmm = []reg.VecPhysical{
	reg.Z0, reg.Z1, reg.Z2, reg.Z3, reg.Z4, reg.Z5, reg.Z6, reg.Z7, reg.Z8, reg.Z9, reg.Z10, reg.Z11, reg.Z12, reg.Z13, reg.Z14, reg.Z15,
	reg.Z16, reg.Z17, reg.Z18, reg.Z19, reg.Z20, reg.Z21, reg.Z22, reg.Z23, reg.Z24, reg.Z25, reg.Z26, reg.Z27, reg.Z28, reg.Z29, reg.Z30, reg.Z31,
}

var ymm = []reg.VecPhysical{
	reg.Y0, reg.Y1, reg.Y2, reg.Y3, reg.Y4, reg.Y5, reg.Y6, reg.Y7, reg.Y8, reg.Y9, reg.Y10, reg.Y11, reg.Y12, reg.Y13, reg.Y14, reg.Y15,
}

// param loads a parameter of the function into a general register.
func (v *simd) param(name string) reg.GPVirtual {
	r := v.GP64()
	v.Load(v.Param(name), r)
	return r
}

// splat loads a float32 parameter into all lanes of r.
func (v *simd) splat(name string, r reg.VecPhysical) {
	at, err := v.Param(name).Resolve()
	if err != nil {
		panic(err)
	}
	v.VBROADCASTSS(at.Addr, r)
}

// constant is a vector of f in read-only memory, an operand of any instruction.
func (v *simd) constant(f float32) operand.Mem { return v.bits(math.Float32bits(f)) }

// bits is a vector of 32-bit lanes in read-only memory.
func (v *simd) bits(b uint32) operand.Mem {
	name := fmt.Sprintf("k%08x", b)
	key := constantKey{v.Context, b}
	if at, ok := constants[key]; ok {
		return at
	}
	words := make([]uint32, 16)
	for i := range words {
		words[i] = b
	}
	constants[key] = v.table(name, words)
	return constants[key]
}

// table puts words into read-only memory.
func (v *simd) table(name string, words []uint32) operand.Mem {
	at := v.StaticGlobal(name)
	v.DataAttributes(attr.RODATA | attr.NOPTR)
	for i, w := range words {
		v.AddDatum(4*i, operand.U32(w))
	}
	return at
}

type constantKey struct {
	c    *build.Context
	bits uint32
}

var constants = map[constantKey]operand.Mem{}

// zero clears a register.
func (v *simd) zero(r reg.VecPhysical) {
	if v.wide {
		v.VPXORD(r, r, r)
	} else {
		v.VXORPS(r, r, r)
	}
}

// round rounds to the nearest integer, ties to even.
func (v *simd) round(x operand.Op, r reg.VecPhysical) {
	if v.wide {
		v.VRNDSCALEPS(operand.Imm(8), x, r)
	} else {
		v.VROUNDPS(operand.Imm(8), x, r)
	}
}

// label makes a name that is unique in the function.
func (v *simd) label(name string) string {
	v.labels++
	return fmt.Sprintf("%s%d", name, v.labels)
}

// mover loads and stores one of the vectors that a body of each works on.
type mover struct {
	v    *simd
	disp int
	tail bool
}

// load fills r from the array at p. Lanes behind the end of the array are zero.
func (m mover) load(p reg.GPVirtual, r reg.VecPhysical) { m.loadAt(operand.Mem{Base: p}, r) }

// store writes r to the array at p, without what lies behind its end.
func (m mover) store(r reg.VecPhysical, p reg.GPVirtual) { m.storeAt(r, operand.Mem{Base: p}) }

// loadAt is load from an address without the displacement.
func (m mover) loadAt(at operand.Mem, r reg.VecPhysical) {
	at.Disp += m.disp
	if m.tail {
		m.v.loadMasked(at, r)
	} else {
		m.v.VMOVUPS(at, r)
	}
}

// storeAt is store to an address without the displacement.
func (m mover) storeAt(r reg.VecPhysical, at operand.Mem) {
	at.Disp += m.disp
	if m.tail {
		m.v.storeMasked(r, at)
	} else {
		m.v.VMOVUPS(r, at)
	}
}

// loadMasked and storeMasked move the elements of the last tailMask.
func (v *simd) loadMasked(at operand.Mem, r reg.VecPhysical) {
	if v.wide {
		v.VMOVUPS_Z(at, v.tail, r)
	} else {
		v.VMASKMOVPS(at, v.tailVec, r)
	}
}

func (v *simd) storeMasked(r reg.VecPhysical, at operand.Mem) {
	if v.wide {
		v.VMOVUPS(r, v.tail, at)
	} else {
		v.VMASKMOVPS(r, v.tailVec, at)
	}
}

// each walks over arrays of n float32 elements at the pointers, which it
// advances: body is emitted for blocks of unroll vectors (called once for all of
// them, with a mover each), for single vectors, and for the tail. In the
// tail every lane is computed but only those in the array are loaded and
// stored, so that an element's bits do not depend on its place. With AVX2 the
// last register, Y15, holds the mask of the tail; with AVX-512 it is K7.
func (v *simd) each(n reg.GPVirtual, pointers []reg.GPVirtual, unroll int, body func(m []mover)) {
	advance := func(vectors int) {
		for _, p := range pointers {
			v.ADDQ(operand.U32(uint32(vectors*v.width)), p)
		}
	}
	blocks := []int{unroll, 1}
	if unroll == 1 {
		blocks = blocks[:1]
	}
	for _, k := range blocks {
		loop, done := v.label("loop"), v.label("done")
		v.SUBQ(operand.U32(uint32(k*v.lanes)), n)
		v.JL(operand.LabelRef(done))
		v.Label(loop)
		movers := make([]mover, k)
		for i := range movers {
			movers[i] = mover{v: v, disp: i * v.width}
		}
		body(movers)
		advance(k)
		v.SUBQ(operand.U32(uint32(k*v.lanes)), n)
		v.JGE(operand.LabelRef(loop))
		v.Label(done)
		v.ADDQ(operand.U32(uint32(k*v.lanes)), n)
	}
	end := v.label("end")
	v.TESTQ(n, n)
	v.JZ(operand.LabelRef(end))
	v.tailMask(n)
	body([]mover{{v: v, tail: true}})
	v.Label(end)
}

// tailMask makes the mask of the first n < lanes elements.
func (v *simd) tailMask(n reg.GPVirtual) {
	if v.wide {
		ones := v.GP32()
		v.MOVL(operand.U32(0xffff), ones)
		v.BZHIL(n.As32(), ones, ones)
		v.KMOVW(ones, reg.K7)
		v.tail = reg.K7
		return
	}
	key := constantKey{v.Context, maskKey}
	at, ok := constants[key]
	if !ok {
		words := make([]uint32, 16)
		for i := range words[:8] {
			words[i] = math.MaxUint32
		}
		at = v.table("tailMasks", words)
		constants[key] = at
	}
	p := v.GP64()
	v.LEAQ(at.Offset(32), p)
	k := v.GP64()
	v.MOVQ(n, k)
	v.NEGQ(k)
	v.VMOVUPS(operand.Mem{Base: p, Index: k, Scale: 4}, reg.Y15)
	v.tailVec = reg.Y15
}

// maskKey stands for the table of tail masks among the constants: it is a
// signalling NaN that no kernel uses.
const maskKey = 0x7fa5a5a5

// end returns from the function.
func (v *simd) end() {
	v.VZEROUPPER()
	v.RET()
}
