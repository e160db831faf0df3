package main

import (
	"go/token"
	"go/types"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/gotypes"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// What windows over pixels of several channels consist of: pooling, convolutions
// of channels by themselves, and their gradients. A kernel works on the struct windowRun,
// whose fields are known here by their place; distances are in bytes.
const (
	runY = 8 * iota
	runX
	runW
	runBias
	runCount
	runChannels
	runRows
	runCols
	runYStep
	runXStep
	runXCol
	runXNext
	runWCol
	runWNext
	runYGrad
	runXGrad
	runDY
	runDX
	runDivisor
)

// windowRun is the signature of these kernels.
var windowRun = func() *gotypes.Signature {
	pkg := types.NewPackage("kernel", "kernel")
	named := types.NewNamed(types.NewTypeName(token.NoPos, pkg, "windowRun", nil), types.NewStruct(nil, nil), nil)
	r := types.NewParam(token.NoPos, pkg, "r", types.NewPointer(named))
	return gotypes.NewSignature(pkg, types.NewSignatureType(nil, nil, nil, types.NewTuple(r), nil, false))
}()

func windows(c *build.Context) {
	both(c, func(v *simd) {
		maxWindows(v)
		maxWindowsGrad(v)
		meanWindows(v)
		meanWindowsGrad(v)
		dotWindows(v)
		for _, taps := range windowSumTaps {
			windowSums(v, taps)
		}
	})
}

// run begins a kernel and returns its parameter and a reader of its fields.
func (v *simd) run(name, doc string) (r reg.GPVirtual, field func(at int) reg.GPVirtual) {
	v.function(name, "func()", doc)
	v.Signature(windowRun)
	r = v.param("r")
	return r, func(at int) reg.GPVirtual {
		p := v.GP64()
		v.MOVQ(operand.Mem{Base: r, Disp: at}, p)
		return p
	}
}

// eachWindow emits body for so many windows at a time while there are as many, and
// advances y and x in the run behind it.
func (v *simd) eachWindow(r reg.GPVirtual, windows int, body func()) {
	at := func(field int) operand.Mem { return operand.Mem{Base: r, Disp: field} }
	loop, done := v.label("window"), v.label("windowsDone")
	v.Label(loop)
	v.CMPQ(at(runCount), operand.U8(uint8(windows)))
	v.JLT(operand.LabelRef(done))
	body()
	for _, p := range [][2]int{{runY, runYStep}, {runX, runXStep}} {
		step := v.GP64()
		v.MOVQ(at(p[1]), step)
		if windows > 1 {
			v.IMUL3Q(operand.U8(uint8(windows)), step, step)
		}
		v.ADDQ(step, at(p[0]))
	}
	v.SUBQ(operand.U8(uint8(windows)), at(runCount))
	v.JMP(operand.LabelRef(loop))
	v.Label(done)
}

// taps emits body for each element of a window, of which walk has the pointers: those into
// x first, into the weights second.
func (v *simd) taps(r reg.GPVirtual, body func(), walk ...reg.GPVirtual) {
	rows, cols := v.GP64(), v.GP64()
	v.MOVQ(operand.Mem{Base: r, Disp: runRows}, rows)
	row, col := v.label("row"), v.label("col")
	v.Label(row)
	v.MOVQ(operand.Mem{Base: r, Disp: runCols}, cols)
	v.Label(col)
	body()
	for i, p := range walk {
		v.ADDQ(operand.Mem{Base: r, Disp: []int{runXCol, runWCol}[i]}, p)
	}
	v.DECQ(cols)
	v.JNZ(operand.LabelRef(col))
	for i, p := range walk {
		v.ADDQ(operand.Mem{Base: r, Disp: []int{runXNext, runWNext}[i]}, p)
	}
	v.DECQ(rows)
	v.JNZ(operand.LabelRef(row))
}

// copied returns a register with the value of another.
func (v *simd) copied(p reg.GPVirtual) reg.GPVirtual {
	to := v.GP64()
	v.MOVQ(p, to)
	return to
}

// maxWindows keeps the greatest element so far. Another takes its place if that is not a
// NaN and the other one is not less or equal, which a NaN is not.
func maxWindows(v *simd) {
	r, field := v.run("maxWindows", "is MaxWindows.")
	v.eachWindow(r, 1, func() {
		n, y, x := field(runChannels), field(runY), field(runX)
		v.each(n, []reg.GPVirtual{y, x}, 2, func(m []mover) {
			at := v.copied(x)
			for i, m := range m {
				m.load(x, v.reg(i))
			}
			v.taps(r, func() {
				for i, m := range m {
					most, e := v.reg(i), v.reg(2+i)
					m.load(at, e)
					if v.wide {
						k := []reg.Register{reg.K1, reg.K2}[i]
						v.VCMPPS(operand.Imm(notLessOrEqual), most, e, k)
						v.VCMPPS(operand.Imm(ordered), most, most, k, k)
						v.VMOVAPS(e, k, most)
						continue
					}
					greater, number := v.reg(4+2*i), v.reg(5+2*i)
					v.VCMPPS(operand.Imm(notLessOrEqual), most, e, greater)
					v.VCMPPS(operand.Imm(ordered), most, most, number)
					v.VANDPS(number, greater, greater)
					v.VBLENDVPS(greater, e, most, most)
				}
			}, at)
			for i, m := range m {
				m.store(v.reg(i), y)
			}
		})
	})
	v.end()
}

// Predicates of VCMPPS, which raise nothing.
const (
	ordered        = 0x07
	notLessOrEqual = 0x16
)

// maxWindowsGrad looks for the bits of the maximum, of which only the first element
// that has them is still wanted.
func maxWindowsGrad(v *simd) {
	r, field := v.run("maxWindowsGrad", "is MaxWindowsGrad.")
	for _, p := range [][3]int{{runYGrad, runY, runDY}, {runXGrad, runX, runDX}} { // how far the gradients are from y and x
		d := field(p[0])
		v.SUBQ(operand.Mem{Base: r, Disp: p[1]}, d)
		v.MOVQ(d, operand.Mem{Base: r, Disp: p[2]})
	}
	v.eachWindow(r, 1, func() {
		n, y, x := field(runChannels), field(runY), field(runX)
		dy, dx := field(runDY), field(runDX)
		v.each(n, []reg.GPVirtual{y, x}, 2, func(m []mover) {
			at := v.copied(x)
			reg4 := func(i int) (most, g, e, d reg.VecPhysical) {
				return v.reg(4 * i), v.reg(4*i + 1), v.reg(4*i + 2), v.reg(4*i + 3)
			}
			wanted := []reg.Register{v.reg(8), v.reg(9)}
			if v.wide {
				wanted = []reg.Register{reg.K1, reg.K2}
			}
			for i, m := range m {
				most, g, _, _ := reg4(i)
				m.load(y, most)
				m.loadAt(operand.Mem{Base: y, Index: dy, Scale: 1}, g)
				if v.wide {
					v.KXNORW(wanted[i], wanted[i], wanted[i])
				} else {
					v.VPCMPEQD(wanted[i], wanted[i], wanted[i])
				}
			}
			v.taps(r, func() {
				for i, m := range m {
					most, g, e, d := reg4(i)
					to := operand.Mem{Base: at, Index: dx, Scale: 1}
					m.load(at, e)
					m.loadAt(to, d)
					if v.wide {
						k := []reg.Register{reg.K3, reg.K4}[i]
						v.VPCMPEQD(most, e, wanted[i], k)
						v.KXORW(k, wanted[i], wanted[i])
						v.VADDPS(g, d, k, d)
					} else {
						v.VPCMPEQD(most, e, e)
						v.VANDPS(wanted[i], e, e)
						v.VXORPS(e, wanted[i], wanted[i])
						v.VANDPS(g, e, e)
						v.VADDPS(e, d, d)
					}
					m.storeAt(d, to)
				}
			}, at)
		})
	})
	v.end()
}

func meanWindows(v *simd) {
	r, field := v.run("meanWindows", "is MeanWindows.")
	divisor := v.reg(4)
	v.VBROADCASTSS(operand.Mem{Base: r, Disp: runDivisor}, divisor)
	v.eachWindow(r, 1, func() {
		n, y, x := field(runChannels), field(runY), field(runX)
		v.each(n, []reg.GPVirtual{y, x}, 2, func(m []mover) {
			at := v.copied(x)
			for i := range m {
				v.zero(v.reg(i))
			}
			v.taps(r, func() {
				for i, m := range m {
					m.load(at, v.reg(2+i))
					v.VADDPS(v.reg(2+i), v.reg(i), v.reg(i))
				}
			}, at)
			for i, m := range m {
				v.VDIVPS(divisor, v.reg(i), v.reg(i))
				m.store(v.reg(i), y)
			}
		})
	})
	v.end()
}

func meanWindowsGrad(v *simd) {
	r, field := v.run("meanWindowsGrad", "is MeanWindowsGrad.")
	divisor := v.reg(4)
	v.VBROADCASTSS(operand.Mem{Base: r, Disp: runDivisor}, divisor)
	v.eachWindow(r, 1, func() {
		n, dy, dx := field(runChannels), field(runY), field(runX)
		v.each(n, []reg.GPVirtual{dy, dx}, 2, func(m []mover) {
			at := v.copied(dx)
			for i, m := range m {
				m.load(dy, v.reg(i))
				v.VDIVPS(divisor, v.reg(i), v.reg(i))
			}
			v.taps(r, func() {
				for i, m := range m {
					m.load(at, v.reg(2+i))
					v.VADDPS(v.reg(i), v.reg(2+i), v.reg(2+i))
					m.store(v.reg(2+i), at)
				}
			}, at)
		})
	})
	v.end()
}
