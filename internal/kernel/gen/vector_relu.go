package main

import (
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/reg"
)

// rectifiers writes the activations that choose between lines, and the square
// root: they do the arithmetic of the portable loops.
func rectifiers(c *build.Context) {
	both(c, func(v *simd) {
		relu(v)
		leakyReLU(v)
		hardTanh(v)
		sqrt(v)
	})
}

func relu(v *simd) {
	v.function("relu", "func(dst, x *float32, n int)", "is dst[i] = x[i] <= 0 ? 0 : x[i] for n elements.")
	dst, x, n := v.param("dst"), v.param("x"), v.param("n")
	v.vectors(n, []reg.GPVirtual{dst, x}, 3, func(b *batch) {
		y, t, zero := b.load(x), b.new(), b.new()
		b.zeros(zero)
		b.only(b.compare(notLessEqual, y, zero, t), y)
		b.store(y, dst)
	})
}

func leakyReLU(v *simd) {
	v.function("leakyReLU", "func(dst, x *float32, n int, alpha float32)", "is dst[i] = x[i] > 0 ? x[i] : alpha*x[i] for n elements.")
	dst, x, n := v.param("dst"), v.param("x"), v.param("n")
	alpha := v.reserve("alpha")
	v.vectors(n, []reg.GPVirtual{dst, x}, 3, func(b *batch) {
		r, y, t := b.load(x), b.new(), b.new()
		b.zeros(t)
		b.do(b.VMULPS, alpha, r, y)
		b.choose(b.compare(greater, r, t, t), r, y)
		b.store(y, dst)
	})
}

func hardTanh(v *simd) {
	v.function("hardTanh", "func(dst, x *float32, n int, lo, hi float32)", "is dst[i] = x[i] <= lo ? lo : x[i] >= hi ? hi : x[i] for n elements.")
	dst, x, n := v.param("dst"), v.param("x"), v.param("n")
	lo, hi := v.reserve("lo"), v.reserve("hi")
	v.vectors(n, []reg.GPVirtual{dst, x}, 2, func(b *batch) {
		y, t := b.load(x), b.new()
		b.choose(b.compare(lessEqual, y, lo, t), lo, y)
		b.choose(b.compare(greaterEqual, y, hi, t), hi, y)
		b.store(y, dst)
	})
}

func sqrt(v *simd) {
	v.function("sqrt", "func(dst, x *float32, n int)", "is dst[i] = sqrt(x[i]) for n elements.")
	dst, x, n := v.param("dst"), v.param("x"), v.param("n")
	v.vectors(n, []reg.GPVirtual{dst, x}, 3, func(b *batch) {
		y := b.load(x)
		b.do(b.VSQRTPS, y, y)
		b.store(y, dst)
	})
}
