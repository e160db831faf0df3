package main

import (
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// mulAdd writes the sums of products of rows that a convolution of single channels
// consists of. They round the product, as the portable loops do: loads bound them.
func mulAdd(c *build.Context) {
	both(c, func(v *simd) {
		mulAddRows(v)
		mulAddSums(v)
	})
}

// rows emits body for each of so many rows, between which the pointers advance by so
// many bytes; it leaves the pointers as they were.
func (v *simd) rows(n reg.GPVirtual, pointers, steps []reg.GPVirtual, body func(at []reg.GPVirtual)) {
	count := v.GP64()
	v.MOVQ(n, count)
	var at []reg.GPVirtual
	for _, p := range pointers {
		r := v.GP64()
		v.MOVQ(p, r)
		at = append(at, r)
	}
	loop := v.label("rows")
	v.Label(loop)
	body(at)
	for i, s := range steps {
		v.ADDQ(s, at[i])
	}
	v.DECQ(count)
	v.JNZ(operand.LabelRef(loop))
}

// mulAddRows keeps b in registers.
func mulAddRows(v *simd) {
	v.function("mulAddRows", "func(dst, a, b *float32, n, rows, dstStep, aStep int)", "is dst[i] += a[i] * b[i] for n elements of so many rows, which lie steps of bytes apart in dst and a; rows > 0.")
	dst, a, b, n := v.param("dst"), v.param("a"), v.param("b"), v.param("n")
	rows, dstStep, aStep := v.param("rows"), v.param("dstStep"), v.param("aStep")
	v.each(n, []reg.GPVirtual{dst, a, b}, 4, func(m []mover) {
		for i, m := range m {
			m.load(b, v.reg(3*i))
		}
		v.rows(rows, []reg.GPVirtual{dst, a}, []reg.GPVirtual{dstStep, aStep}, func(at []reg.GPVirtual) {
			for i, m := range m {
				y, d, x := v.reg(3*i), v.reg(3*i+1), v.reg(3*i+2)
				m.load(at[1], x)
				m.load(at[0], d)
				v.VMULPS(y, x, x)
				v.VADDPS(x, d, d)
				m.store(d, at[0])
			}
		})
	})
	v.end()
}

// mulAddSums keeps dst in registers.
func mulAddSums(v *simd) {
	v.function("mulAddSums", "func(dst, a, b *float32, n, rows, aStep, bStep int)", "is dst[i] += a[i] * b[i] for n elements of so many rows, which lie steps of bytes apart in a and b; rows > 0.")
	dst, a, b, n := v.param("dst"), v.param("a"), v.param("b"), v.param("n")
	rows, aStep, bStep := v.param("rows"), v.param("aStep"), v.param("bStep")
	v.each(n, []reg.GPVirtual{dst, a, b}, 4, func(m []mover) {
		for i, m := range m {
			m.load(dst, v.reg(3*i))
		}
		v.rows(rows, []reg.GPVirtual{a, b}, []reg.GPVirtual{aStep, bStep}, func(at []reg.GPVirtual) {
			for i, m := range m {
				d, x, y := v.reg(3*i), v.reg(3*i+1), v.reg(3*i+2)
				m.load(at[0], x)
				m.load(at[1], y)
				v.VMULPS(y, x, x)
				v.VADDPS(x, d, d)
			}
		})
		for i, m := range m {
			m.store(v.reg(3*i), dst)
		}
	})
	v.end()
}
