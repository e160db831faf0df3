package main

import (
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/reg"
)

// update writes the optimizers' steps. Each is one pass over its arrays, bound
// by memory, so products are rounded before they are added, as in the portable
// loops: the bits are the same for nothing.
func update(c *build.Context) {
	both(c, func(v *simd) {
		momentum(v, "momentum", "is acc[i] = mu*acc[i] + grad[i]; w[i] -= lr * acc[i] for n elements.", false)
		momentum(v, "nesterov", "is acc[i] = mu*acc[i] + grad[i]; w[i] -= lr*grad[i] + lrmu*acc[i] for n elements.", true)
		adam(v)
	})
}

func momentum(v *simd, name, doc string, nesterov bool) {
	signature := "func(w, acc, grad *float32, lr, mu float32, n int)"
	if nesterov {
		signature = "func(w, acc, grad *float32, lr, mu, lrmu float32, n int)"
	}
	v.function(name, signature, doc)
	w, acc, grad, n := v.param("w"), v.param("acc"), v.param("grad"), v.param("n")
	lr, mu, lrmu := v.reg(12), v.reg(13), v.reg(14)
	v.splat("lr", lr)
	v.splat("mu", mu)
	if nesterov {
		v.splat("lrmu", lrmu)
	}
	v.each(n, []reg.GPVirtual{w, acc, grad}, 4, func(m []mover) {
		for i, m := range m {
			a, d, x := v.reg(3*i), v.reg(3*i+1), v.reg(3*i+2)
			m.load(acc, a)
			m.load(grad, d)
			m.load(w, x)
			v.VMULPS(mu, a, a)
			v.VADDPS(d, a, a)
			m.store(a, acc)
			if nesterov {
				v.VMULPS(lr, d, d)
				v.VMULPS(lrmu, a, a)
				v.VADDPS(a, d, a)
			} else {
				v.VMULPS(lr, a, a)
			}
			v.VSUBPS(a, x, x)
			m.store(x, w)
		}
	})
	v.end()
}

func adam(v *simd) {
	v.function("adam", "func(w, m, v, grad *float32, alpha, beta1, beta2, rest1, rest2, epsilon float32, n int)",
		"is Adam for n elements, with rest1 = 1-beta1 and rest2 = 1-beta2.")
	w, mean, square, grad, n := v.param("w"), v.param("m"), v.param("v"), v.param("grad"), v.param("n")
	alpha, beta1, beta2, rest1, rest2, epsilon := v.reg(9), v.reg(10), v.reg(11), v.reg(12), v.reg(13), v.reg(14)
	v.splat("alpha", alpha)
	v.splat("beta1", beta1)
	v.splat("beta2", beta2)
	v.splat("rest1", rest1)
	v.splat("rest2", rest2)
	v.splat("epsilon", epsilon)
	v.each(n, []reg.GPVirtual{w, mean, square, grad}, 2, func(m []mover) {
		for i, m := range m {
			a, s, d, x := v.reg(4*i), v.reg(4*i+1), v.reg(4*i+2), v.reg(4*i+3)
			m.load(grad, d)
			m.load(mean, a)
			m.load(square, s)
			v.VMULPS(beta1, a, a)
			v.VMULPS(rest1, d, x)
			v.VADDPS(x, a, a)
			m.store(a, mean)
			v.VMULPS(d, d, d)
			v.VMULPS(rest2, d, d)
			v.VMULPS(beta2, s, s)
			v.VADDPS(d, s, s)
			m.store(s, square)
			m.load(w, x)
			v.VSQRTPS(s, s)
			v.VADDPS(epsilon, s, s)
			v.VMULPS(alpha, a, a)
			v.VDIVPS(s, a, a)
			v.VSUBPS(a, x, x)
			m.store(x, w)
		}
	})
	v.end()
}
