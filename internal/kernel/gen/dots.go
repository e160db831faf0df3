package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// fmaFrom is acc += y * what is at an address.
func (m mover) fmaFrom(at operand.Mem, y, acc, t reg.VecPhysical) {
	if m.tail {
		m.loadAt(at, t)
		m.v.VFMADD231PS(t, y, acc)
		return
	}
	at.Disp += m.disp
	m.v.VFMADD231PS(at, y, acc)
}

// multiples returns the operands at p and so many further ones, each step bytes behind
// the one before.
func (v *simd) multiples(p, step reg.GPVirtual, count int) []operand.Mem {
	list := []operand.Mem{{Base: p}, {Base: p, Index: step, Scale: 1}, {Base: p, Index: step, Scale: 2}}
	if count > 3 {
		three := v.GP64()
		v.LEAQ(operand.Mem{Base: step, Index: step, Scale: 2}, three)
		list = append(list, operand.Mem{Base: p, Index: three, Scale: 1}, operand.Mem{Base: p, Index: step, Scale: 4})
	}
	return list[:count]
}

// dotWindows takes four windows at a time, which share the weights in registers.
func dotWindows(v *simd) {
	r, field := v.run("dotWindows", "is dotWindows.")
	for _, windows := range []int{4, 1} {
		v.eachWindow(r, windows, func() {
			n, y, x, w, step := field(runChannels), field(runY), field(runX), field(runW), field(runXStep)
			v.each(n, []reg.GPVirtual{y, x, w}, 2, func(m []mover) {
				at, weights := v.copied(x), v.copied(w)
				acc := func(i, k int) reg.VecPhysical { return v.reg(i*windows + k) }
				weight := func(i int) reg.VecPhysical { return v.reg(8 + i) }
				for i := range m {
					for k := range windows {
						v.zero(acc(i, k))
					}
				}
				from := v.multiples(at, step, windows)
				v.taps(r, func() {
					for i, m := range m {
						m.load(weights, weight(i))
						for k, from := range from {
							m.fmaFrom(from, weight(i), acc(i, k), v.reg(10))
						}
					}
				}, at, weights)
				v.addBias(r, y, m, windows, acc)
				to := v.multiples(y, field(runYStep), windows)
				for i, m := range m {
					for k, to := range to {
						m.storeAt(acc(i, k), to)
					}
				}
			})
		})
	}
	v.end()
}

// addBias adds the bias, if there is one, to the sums for the channels at y.
func (v *simd) addBias(r, y reg.GPVirtual, m []mover, windows int, acc func(i, k int) reg.VecPhysical) {
	none := v.label("noBias")
	bias := v.GP64()
	v.MOVQ(operand.Mem{Base: r, Disp: runBias}, bias)
	v.TESTQ(bias, bias)
	v.JZ(operand.LabelRef(none))
	v.ADDQ(y, bias)
	v.SUBQ(operand.Mem{Base: r, Disp: runY}, bias)
	for i, m := range m {
		m.load(bias, v.reg(8+i))
		for k := range windows {
			v.VADDPS(v.reg(8+i), acc(i, k), acc(i, k))
		}
	}
	v.Label(none)
}

// windowSumTaps are the numbers of sums that windowSums has a form for.
var windowSumTaps = []int{1, 3, 5}

// windowSums keeps the sums of some taps in registers.
func windowSums(v *simd, taps int) {
	r, field := v.run(fmt.Sprint("windowSums", taps), fmt.Sprintf("is windowSums for %d tap(s) side by side; count > 0.", taps))
	n, y, x, w := field(runChannels), field(runY), field(runX), field(runW)
	v.each(n, []reg.GPVirtual{y, x, w}, 2, func(m []mover) {
		acc := func(i, k int) reg.VecPhysical { return v.reg(i*taps + k) }
		grad := func(i int) reg.VecPhysical { return v.reg(10 + i) }
		sums := v.multiples(w, field(runWCol), taps)
		for i, m := range m {
			for k, at := range sums {
				m.loadAt(at, acc(i, k))
			}
		}
		dy, at, count := v.copied(y), v.copied(x), field(runCount)
		from := v.multiples(at, field(runXCol), taps)
		loop := v.label("sum")
		v.Label(loop)
		for i, m := range m {
			m.load(dy, grad(i))
			for k, from := range from {
				m.fmaFrom(from, grad(i), acc(i, k), v.reg(12))
			}
		}
		v.ADDQ(operand.Mem{Base: r, Disp: runYStep}, dy)
		v.ADDQ(operand.Mem{Base: r, Disp: runXStep}, at)
		v.DECQ(count)
		v.JNZ(operand.LabelRef(loop))
		for i, m := range m {
			for k, at := range sums {
				m.storeAt(acc(i, k), at)
			}
		}
	})
	v.end()
}
