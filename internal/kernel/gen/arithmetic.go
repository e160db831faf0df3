package main

import (
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// arithmetic writes the sums, differences and products of vectors.
func arithmetic(c *build.Context) {
	both(c, func(v *simd) {
		zip(v, "add", "dst[i] = a[i] + b[i]", v.VADDPS)
		zip(v, "mul", "dst[i] = a[i] * b[i]", v.VMULPS)
	})
}

// zip writes dst[i] = a[i] op b[i], op being commutative.
func zip(v *simd, name, formula string, op func(...operand.Op)) {
	v.function(name, "func(dst, a, b *float32, n int)", "is "+formula+" for n elements.")
	dst, a, b, n := v.param("dst"), v.param("a"), v.param("b"), v.param("n")
	v.each(n, []reg.GPVirtual{dst, a, b}, 4, func(m []mover) {
		for i, m := range m {
			x, y := v.reg(2*i), v.reg(2*i+1)
			m.load(a, x)
			m.load(b, y)
			op(x, y, x)
			m.store(x, dst)
		}
	})
	v.end()
}
