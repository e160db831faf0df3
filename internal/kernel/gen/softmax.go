package main

import (
	"math"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// softmax writes what goes along rows and takes exponentials of them.
func softmax(c *build.Context) {
	both(c, func(v *simd) {
		exponentialRows(v, "softmaxRows", true)
		exponentialRows(v, "expSumRows", false)
		logSoftmaxRows(v)
	})
}

// exponentialRows writes the function that finds the maximum of each row and
// sums e^(x-max), in float64, and where probs is set stores these divided by
// their sum.
func exponentialRows(v *simd, name string, probs bool) {
	if probs {
		v.function(name, "func(dst, x, top *float32, sum *float64, rows, cols int)",
			"is softmaxRows for whole rows: top is the maximum of each, sum that of e^(x-top).")
	} else {
		v.function(name, "func(x, top *float32, sum *float64, rows, cols int)",
			"is softmaxRows without the result: top is the maximum of each row, sum that of e^(x-top).")
	}
	var dst reg.GPVirtual
	if probs {
		dst = v.param("dst")
	}
	x, top, sum, rows, cols := v.param("x"), v.param("top"), v.param("sum"), v.param("rows"), v.param("cols")
	// Registers of a row: two for the sum in float64; the maximum, later the scale.
	low, high, most, none, least := v.reg(8), v.reg(9), v.reg(10), v.reg(11), v.reg(12)
	v.VMOVUPS(v.constant(float32(math.Inf(-1))), none)
	v.VMOVUPS(v.constant(expLeast), least)
	exponential := func(x reg.VecPhysical) { // of x, whose sum is taken
		t := [3]reg.VecPhysical{v.reg(5), v.reg(6), v.reg(7)}
		v.VSUBPS(most, x, x)
		v.expOfNegative(x, least, t)
		v.widen(x, 0, t[0])
		v.widen(x, 1, t[1])
		v.VADDPD(t[0], low, low)
		v.VADDPD(t[1], high, high)
	}
	finish := func() { // low becomes the sum and most the scale
		v.VADDPD(high, low, low)
		v.across64(low, high)
		v.VMOVSD(low.AsX(), operand.Mem{Base: sum})
		v.VMOVSS(most.AsX(), operand.Mem{Base: top})
		v.ADDQ(operand.Imm(8), sum)
		v.ADDQ(operand.Imm(4), top)
		if probs {
			v.VMOVSS(v.constant(1), most.AsX())
			v.VCVTSS2SD(most.AsX(), most.AsX(), most.AsX())
			v.VDIVSD(low.AsX(), most.AsX(), most.AsX())
			v.VCVTSD2SS(most.AsX(), most.AsX(), most.AsX())
			v.VBROADCASTSS(most.AsX(), most)
		}
	}
	done := v.label("done")
	v.TESTQ(rows, rows)
	v.JLE(operand.LabelRef(done))

	// A row that fits one or two vectors stays in them.
	for vectors := 1; vectors <= 2; vectors++ {
		short, longer := v.label("short"), v.label("longer")
		v.CMPQ(cols, operand.Imm(uint64(vectors*v.lanes)))
		v.JG(operand.LabelRef(longer))
		n := v.GP64()
		v.LEAQ(operand.Mem{Base: cols, Disp: -(vectors - 1) * v.lanes}, n)
		v.tailMask(n)
		m := make([]mover, vectors)
		for i := range m {
			m[i] = mover{v: v, disp: i * v.width, tail: i == vectors-1}
		}
		v.Label(short)
		for i, m := range m {
			m.loadOr(x, none, v.reg(i))
		}
		v.VMOVAPS(v.reg(0), most)
		for i := 1; i < vectors; i++ {
			v.VMAXPS(v.reg(i), most, most)
		}
		v.across(most, v.reg(5), v.VMAXPS)
		v.VBROADCASTSS(most.AsX(), most)
		v.zero(low)
		v.zero(high)
		for i := range m {
			exponential(v.reg(i))
		}
		finish()
		if probs {
			for i, m := range m {
				v.VMULPS(most, v.reg(i), v.reg(i))
				m.store(v.reg(i), dst)
			}
			v.LEAQ(operand.Mem{Base: dst, Index: cols, Scale: 4}, dst)
		}
		v.LEAQ(operand.Mem{Base: x, Index: cols, Scale: 4}, x)
		v.DECQ(rows)
		v.JNZ(operand.LabelRef(short))
		v.JMP(operand.LabelRef(done))
		v.Label(longer)
	}

	row := v.label("row")
	v.Label(row)
	// The body works on at most four vectors side by side.
	pass := func(unroll int, pointers []reg.GPVirtual, body func(m []mover, p []reg.GPVirtual)) {
		n := v.GP64()
		v.MOVQ(cols, n)
		copies := make([]reg.GPVirtual, len(pointers))
		for i, p := range pointers {
			copies[i] = v.GP64()
			v.MOVQ(p, copies[i])
		}
		v.each(n, copies, unroll, func(m []mover) { body(m, copies) })
	}
	v.VMOVAPS(none, most)
	for i := range 3 {
		v.VMOVAPS(none, v.reg(5+i))
	}
	pass(4, []reg.GPVirtual{x}, func(m []mover, p []reg.GPVirtual) {
		for i, m := range m {
			acc := most
			if i > 0 {
				acc = v.reg(4 + i)
			}
			m.loadOr(p[0], none, v.reg(i))
			v.VMAXPS(acc, v.reg(i), acc)
		}
	})
	for i := range 3 {
		v.VMAXPS(v.reg(5+i), most, most)
	}
	v.across(most, v.reg(0), v.VMAXPS)
	v.VBROADCASTSS(most.AsX(), most)
	v.zero(low)
	v.zero(high)
	in := []reg.GPVirtual{x}
	if probs {
		in = append(in, dst)
	}
	pass(2, in, func(m []mover, p []reg.GPVirtual) {
		for i, m := range m {
			e := v.reg(i)
			m.loadOr(p[0], none, e)
			exponential(e)
			if probs {
				m.store(e, p[1])
			}
		}
	})
	finish()
	if probs {
		pass(4, []reg.GPVirtual{dst}, func(m []mover, p []reg.GPVirtual) {
			for i, m := range m {
				m.load(p[0], v.reg(i))
				v.VMULPS(most, v.reg(i), v.reg(i))
				m.store(v.reg(i), p[0])
			}
		})
		v.LEAQ(operand.Mem{Base: dst, Index: cols, Scale: 4}, dst)
	}
	v.LEAQ(operand.Mem{Base: x, Index: cols, Scale: 4}, x)
	v.DECQ(rows)
	v.JNZ(operand.LabelRef(row))
	v.Label(done)
	v.end()
}

// logSoftmaxRows writes the last step of the log of a softmax.
func logSoftmaxRows(v *simd) {
	v.function("logSoftmaxRows", "func(dst, x, top, log *float32, rows, cols int)",
		"is dst[r*cols+c] = (x[r*cols+c] - top[r]) - log[r].")
	dst, x, top, log, rows := v.param("dst"), v.param("x"), v.param("top"), v.param("log"), v.param("rows")
	row, done := v.label("row"), v.label("done")
	v.TESTQ(rows, rows)
	v.JLE(operand.LabelRef(done))
	v.Label(row)
	most, sum := v.reg(8), v.reg(9)
	v.VBROADCASTSS(operand.Mem{Base: top}, most)
	v.VBROADCASTSS(operand.Mem{Base: log}, sum)
	n := v.param("cols")
	v.each(n, []reg.GPVirtual{dst, x}, 4, func(m []mover) {
		for i, m := range m {
			m.load(x, v.reg(i))
			v.VSUBPS(most, v.reg(i), v.reg(i))
			v.VSUBPS(sum, v.reg(i), v.reg(i))
			m.store(v.reg(i), dst)
		}
	})
	for _, p := range []reg.GPVirtual{dst, x} { // n elements are left to the end of the row
		v.LEAQ(operand.Mem{Base: p, Index: n, Scale: 4}, p)
	}
	v.ADDQ(operand.Imm(4), top)
	v.ADDQ(operand.Imm(4), log)
	v.DECQ(rows)
	v.JNZ(operand.LabelRef(row))
	v.Label(done)
	v.end()
}

// expLeast is a little less than the least x with a float32 e^x other than 0.
const expLeast = -104

// expOfNegative sets x to e^x for x <= 0, within 1 ulp; least holds expLeast and t are
// spoilt. x = k ln 2 + r with |r| <= ln(2)/2; e^r is a polynomial, that of
// Cephes' expf.
func (v *simd) expOfNegative(x, least reg.VecPhysical, t [3]reg.VecPhysical) {
	k, p, s := t[0], t[1], t[2]
	v.VMAXPS(x, least, x) // this way round it keeps NaN
	v.VMULPS(v.constant(math.Log2E), x, k)
	v.round(k, k)
	ln2 := float32(math.Ln2)
	v.VFNMADD231PS(v.constant(ln2), k, x)
	v.VFNMADD231PS(v.constant(float32(math.Ln2-float64(ln2))), k, x)
	v.VMOVUPS(v.constant(1.9875691500e-4), p)
	for _, c := range []float32{1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1, 1, 1} {
		v.VFMADD213PS(v.constant(c), x, p)
	}
	if v.wide {
		v.VSCALEFPS(k, p, x)
		return
	}
	// 2^k in two factors, as k goes down to -150.
	v.VCVTPS2DQ(k, k)
	v.VPSRAD(operand.Imm(1), k, s)
	v.VPSUBD(s, k, k)
	for _, half := range []reg.VecPhysical{k, s} {
		v.VPADDD(v.bits(127), half, half)
		v.VPSLLD(operand.Imm(23), half, half)
	}
	v.VMULPS(k, p, p)
	v.VMULPS(s, p, x)
}

// loadOr is load, where the lanes behind the end of the array are those of fill.
func (m mover) loadOr(p reg.GPVirtual, fill, r reg.VecPhysical) {
	at := operand.Mem{Base: p, Disp: m.disp}
	switch {
	case !m.tail:
		m.v.VMOVUPS(at, r)
	case m.v.wide:
		m.v.VMOVAPS(fill, r)
		m.v.VMOVUPS(at, m.v.tail, r)
	default:
		m.v.VMASKMOVPS(at, m.v.tailVec, r)
		m.v.VBLENDVPS(m.v.tailVec, r, fill, r)
	}
}

// across sets the lowest lane of r to op of all lanes.
func (v *simd) across(r, spare reg.VecPhysical, op func(...operand.Op)) {
	if v.wide {
		v.VEXTRACTF32X8(operand.Imm(1), r, spare.AsY())
		op(spare.AsY(), r.AsY(), r.AsY())
	}
	v.VEXTRACTF128(operand.Imm(1), r.AsY(), spare.AsX())
	op(spare.AsX(), r.AsX(), r.AsX())
	v.VPERMILPS(operand.Imm(0b01_00_11_10), r.AsX(), spare.AsX())
	op(spare.AsX(), r.AsX(), r.AsX())
	v.VPERMILPS(operand.Imm(0b10_11_00_01), r.AsX(), spare.AsX())
	op(spare.AsX(), r.AsX(), r.AsX())
}

// across64 sets the lowest lane of r, of float64, to the sum of all.
func (v *simd) across64(r, spare reg.VecPhysical) {
	if v.wide {
		v.VEXTRACTF64X4(operand.Imm(1), r, spare.AsY())
		v.VADDPD(spare.AsY(), r.AsY(), r.AsY())
	}
	v.VEXTRACTF128(operand.Imm(1), r.AsY(), spare.AsX())
	v.VADDPD(spare.AsX(), r.AsX(), r.AsX())
	v.VPERMILPD(operand.Imm(1), r.AsX(), spare.AsX())
	v.VADDPD(spare.AsX(), r.AsX(), r.AsX())
}
