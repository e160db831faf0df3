package kernel

// Adam is TensorFlow's step of Kingma and Ba's Adam, with epsilon as the
// "epsilon hat" of the paper and alpha = lr * sqrt(1-beta2^t) / (1-beta1^t):
//
//	for i := range w {
//		m[i] = beta1*m[i] + (1-beta1)*g[i]
//		v[i] = beta2*v[i] + (1-beta2)*(g[i]*g[i])
//		w[i] -= alpha * m[i] / (sqrt(v[i]) + epsilon)
//	}
//
// Every operation is rounded, so the bits are the same on any processor.
func Adam[T Float](w, m, v, g []T, alpha, beta1, beta2, epsilon T) {
	m, v, g = m[:len(w)], v[:len(w)], g[:len(w)]
	if is32[T]() && adamSIMD(as32(w), as32(m), as32(v), as32(g), float32(alpha), float32(beta1), float32(beta2), float32(epsilon)) {
		return
	}
	rest1, rest2 := 1-beta1, 1-beta2
	for i, d := range g {
		mi := T(beta1*m[i]) + T(rest1*d)
		vi := T(beta2*v[i]) + T(rest2*(d*d))
		m[i], v[i] = mi, vi
		w[i] -= alpha * mi / (SqrtScalar(vi) + epsilon)
	}
}
