//go:build amd64 && !noasm

package kernel

// expSIMD is Exp where the processor has vectors; it reports whether it was done.
func expSIMD(dst, x []float32) bool {
	switch active {
	case AVX512:
		expAVX512(first(dst), first(x), len(dst))
	case AVX2:
		expAVX2(first(dst), first(x), len(dst))
	default:
		return false
	}
	return true
}

// expm1SIMD is Expm1 where the processor has vectors; it reports whether it was done.
func expm1SIMD(dst, x []float32) bool {
	switch active {
	case AVX512:
		expm1AVX512(first(dst), first(x), len(dst))
	case AVX2:
		expm1AVX2(first(dst), first(x), len(dst))
	default:
		return false
	}
	return true
}

// eluSIMD is scaledELU where the processor has vectors; it reports whether it was done.
func eluSIMD(dst, x []float32, scale, alpha float32) bool {
	switch active {
	case AVX512:
		eluAVX512(first(dst), first(x), len(dst), scale, alpha)
	case AVX2:
		eluAVX2(first(dst), first(x), len(dst), scale, alpha)
	default:
		return false
	}
	return true
}

// sigmoidSIMD is Sigmoid where the processor has vectors; it reports whether it was done.
func sigmoidSIMD(dst, x []float32) bool {
	switch active {
	case AVX512:
		sigmoidAVX512(first(dst), first(x), len(dst))
	case AVX2:
		sigmoidAVX2(first(dst), first(x), len(dst))
	default:
		return false
	}
	return true
}

// tanhSIMD is Tanh where the processor has vectors; it reports whether it was done.
func tanhSIMD(dst, x []float32) bool {
	switch active {
	case AVX512:
		tanhAVX512(first(dst), first(x), len(dst))
	case AVX2:
		tanhAVX2(first(dst), first(x), len(dst))
	default:
		return false
	}
	return true
}

// softplusGradSIMD is SoftplusGrad where the processor has vectors; it reports whether it was done.
func softplusGradSIMD(dst, dy, x []float32) bool {
	switch active {
	case AVX512:
		softplusGradAVX512(first(dst), first(dy), first(x), len(dst))
	case AVX2:
		softplusGradAVX2(first(dst), first(dy), first(x), len(dst))
	default:
		return false
	}
	return true
}
