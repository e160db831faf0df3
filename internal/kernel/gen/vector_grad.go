package main

import (
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/reg"
)

// gradients writes the gradients of activations that are plain arithmetic, as
// the portable loops have it.
func gradients(c *build.Context) {
	both(c, func(v *simd) {
		reluGrad(v)
		leakyReLUGrad(v)
		hardTanhGrad(v)
		eluGrad(v)
		sigmoidGrad(v)
		tanhGrad(v)
	})
}

func reluGrad(v *simd) {
	v.function("reluGrad", "func(dst, dy, y *float32, n int)", "is dst[i] = y[i] <= 0 ? 0 : dy[i] for n elements, NaN where y[i] is.")
	dst, dy, y, n := v.param("dst"), v.param("dy"), v.param("y"), v.param("n")
	v.vectors(n, []reg.GPVirtual{dst, dy, y}, 4, func(b *batch) {
		u, d, t, zero := b.load(y), b.load(dy), b.new(), b.new()
		b.zeros(zero)
		b.only(b.compare(notLessEqual, u, zero, t), d)
		b.choose(b.compare(unordered, u, u, t), u, d)
		b.store(d, dst)
	})
}

func leakyReLUGrad(v *simd) {
	v.function("leakyReLUGrad", "func(dst, dy, x *float32, n int, alpha float32)",
		"is dst[i] = x[i] > 0 ? dy[i] : alpha*dy[i] for n elements, NaN where x[i] is.")
	dst, dy, x, n := v.param("dst"), v.param("dy"), v.param("x"), v.param("n")
	alpha := v.reserve("alpha")
	v.vectors(n, []reg.GPVirtual{dst, dy, x}, 4, func(b *batch) {
		u, g, d, t := b.load(x), b.load(dy), b.new(), b.new()
		b.do(b.VMULPS, alpha, g, d)
		b.zeros(t)
		b.choose(b.compare(greater, u, t, t), g, d)
		b.choose(b.compare(unordered, u, u, t), u, d)
		b.store(d, dst)
	})
}

func hardTanhGrad(v *simd) {
	v.function("hardTanhGrad", "func(dst, dy, x *float32, n int, lo, hi float32)",
		"is dst[i] = lo < x[i] && x[i] < hi ? dy[i] : 0 for n elements, NaN where x[i] is.")
	dst, dy, x, n := v.param("dst"), v.param("dy"), v.param("x"), v.param("n")
	lo, hi := v.reserve("lo"), v.reserve("hi")
	v.vectors(n, []reg.GPVirtual{dst, dy, x}, 3, func(b *batch) {
		u, d, t := b.load(x), b.load(dy), b.new()
		b.only(b.compare(greater, u, lo, t), d)
		b.only(b.compare(less, u, hi, t), d)
		b.choose(b.compare(unordered, u, u, t), u, d)
		b.store(d, dst)
	})
}

func eluGrad(v *simd) {
	v.function("eluGrad", "func(dst, dy, y *float32, n int, scale, alpha, from float32)",
		"is dst[i] = dy[i] * (y[i] >= from ? scale : y[i] + alpha) for n elements.")
	dst, dy, y, n := v.param("dst"), v.param("dy"), v.param("y"), v.param("n")
	scale, alpha, from := v.reserve("scale"), v.reserve("alpha"), v.reserve("from")
	v.vectors(n, []reg.GPVirtual{dst, dy, y}, 4, func(b *batch) {
		u, f, g, t := b.load(y), b.new(), b.load(dy), b.new()
		b.do(b.VADDPS, alpha, u, f)
		b.choose(b.compare(greaterEqual, u, from, t), scale, f)
		b.do(b.VMULPS, f, g, g)
		b.store(g, dst)
	})
}

func sigmoidGrad(v *simd) {
	v.function("sigmoidGrad", "func(dst, dy, y *float32, n int)", "is dst[i] = dy[i] * y[i] * (1 - y[i]) for n elements.")
	dst, dy, y, n := v.param("dst"), v.param("dy"), v.param("y"), v.param("n")
	v.vectors(n, []reg.GPVirtual{dst, dy, y}, 3, func(b *batch) {
		u, g, f := b.load(y), b.load(dy), b.new()
		b.do(b.VMULPS, u, g, g)
		b.do(b.VMOVUPS, b.number(1), f)
		b.do(b.VSUBPS, u, f, f)
		b.do(b.VMULPS, f, g, g)
		b.store(g, dst)
	})
}

func tanhGrad(v *simd) {
	v.function("tanhGrad", "func(dst, dy, y *float32, n int)", "is dst[i] = dy[i] * (1 - y[i]*y[i]) for n elements.")
	dst, dy, y, n := v.param("dst"), v.param("dy"), v.param("y"), v.param("n")
	v.vectors(n, []reg.GPVirtual{dst, dy, y}, 3, func(b *batch) {
		u, g, f := b.load(y), b.load(dy), b.new()
		b.do(b.VMULPS, u, u, u)
		b.do(b.VMOVUPS, b.number(1), f)
		b.do(b.VSUBPS, u, f, f)
		b.do(b.VMULPS, f, g, g)
		b.store(g, dst)
	})
}
