package kernel

// SGD is the gradient-descent step
//
//	for i := range w { w[i] -= lr * g[i] }
func SGD[T Float](w, g []T, lr T) {
	Axpy(w, -lr, g)
}

// Momentum is TensorFlow's momentum step
//
//	for i := range w {
//		acc[i] = mu*acc[i] + g[i]
//		if nesterov { w[i] -= lr*g[i] + (lr*mu)*acc[i] } else { w[i] -= lr * acc[i] }
//	}
//
// Every operation is rounded, so the bits are the same on any processor.
func Momentum[T Float](w, acc, g []T, lr, mu T, nesterov bool) {
	acc, g = acc[:len(w)], g[:len(w)]
	if is32[T]() && momentumSIMD(as32(w), as32(acc), as32(g), float32(lr), float32(mu), nesterov) {
		return
	}
	if nesterov {
		lrmu := lr * mu
		for i, v := range g {
			a := T(mu*acc[i]) + v
			acc[i] = a
			w[i] -= T(lr*v) + T(lrmu*a)
		}
		return
	}
	for i, v := range g {
		a := T(mu*acc[i]) + v
		acc[i] = a
		w[i] -= T(lr * a)
	}
}
