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
//		if nesterov { w[i] -= lr*g[i] + lr*mu*acc[i] } else { w[i] -= lr * acc[i] }
//	}
func Momentum[T Float](w, acc, g []T, lr, mu T, nesterov bool) {
	acc, g = acc[:len(w)], g[:len(w)]
	if nesterov {
		lrmu := lr * mu
		for i, v := range g {
			a := mu*acc[i] + v
			acc[i] = a
			w[i] -= lr*v + lrmu*a
		}
		return
	}
	for i, v := range g {
		a := mu*acc[i] + v
		acc[i] = a
		w[i] -= lr * a
	}
}
