//go:build amd64 && !noasm

package kernel

// momentumSIMD is Momentum where the processor has vectors; it reports whether
// it was done.
func momentumSIMD(w, acc, grad []float32, lr, mu float32, nesterov bool) bool {
	switch {
	case active == AVX512 && nesterov:
		nesterovAVX512(first(w), first(acc), first(grad), lr, mu, lr*mu, len(w))
	case active == AVX512:
		momentumAVX512(first(w), first(acc), first(grad), lr, mu, len(w))
	case active == AVX2 && nesterov:
		nesterovAVX2(first(w), first(acc), first(grad), lr, mu, lr*mu, len(w))
	case active == AVX2:
		momentumAVX2(first(w), first(acc), first(grad), lr, mu, len(w))
	default:
		return false
	}
	return true
}

// adamSIMD is Adam where the processor has vectors; it reports whether it was
// done.
func adamSIMD(w, m, v, grad []float32, alpha, beta1, beta2, epsilon float32) bool {
	switch active {
	case AVX512:
		adamAVX512(first(w), first(m), first(v), first(grad), alpha, beta1, beta2, 1-beta1, 1-beta2, epsilon, len(w))
	case AVX2:
		adamAVX2(first(w), first(m), first(v), first(grad), alpha, beta1, beta2, 1-beta1, 1-beta2, epsilon, len(w))
	default:
		return false
	}
	return true
}
