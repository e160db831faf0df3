//go:build amd64 && !noasm

package kernel

// wideSumSIMD is WideSum where the processor has vectors; it reports whether it
// was done. So do the others here.
func wideSumSIMD(x []float32) (float64, bool) {
	switch active {
	case AVX512:
		return wideSumAVX512(first(x), len(x)), true
	case AVX2:
		return wideSumAVX2(first(x), len(x)), true
	}
	return 0, false
}

func squaresFromSIMD(x []float32, center float64) (float64, bool) {
	switch active {
	case AVX512:
		return squaresFromAVX512(first(x), center, len(x)), true
	case AVX2:
		return squaresFromAVX2(first(x), center, len(x)), true
	}
	return 0, false
}

func layerNormSIMD(y, x, gamma, beta []float32, mean, inv float64) bool {
	switch active {
	case AVX512:
		layerNormAVX512(first(y), first(x), first(gamma), first(beta), mean, inv, len(y))
	case AVX2:
		layerNormAVX2(first(y), first(x), first(gamma), first(beta), mean, inv, len(y))
	default:
		return false
	}
	return true
}

func layerNormSumsSIMD(dgamma, dbeta []float64, dy, x, gamma []float32, mean, inv float64) (s1, s2 float64, done bool) {
	switch active {
	case AVX512:
		s1, s2 = layerNormSumsAVX512(first(dgamma), first(dbeta), first(dy), first(x), first(gamma), mean, inv, len(dgamma))
	case AVX2:
		s1, s2 = layerNormSumsAVX2(first(dgamma), first(dbeta), first(dy), first(x), first(gamma), mean, inv, len(dgamma))
	default:
		return 0, 0, false
	}
	return s1, s2, true
}

func layerNormGradSIMD(dx, dy, x, gamma []float32, mean, inv, m1, m2 float64) bool {
	switch active {
	case AVX512:
		layerNormGradAVX512(first(dx), first(dy), first(x), first(gamma), mean, inv, m1, m2, len(dx))
	case AVX2:
		layerNormGradAVX2(first(dx), first(dy), first(x), first(gamma), mean, inv, m1, m2, len(dx))
	default:
		return false
	}
	return true
}
