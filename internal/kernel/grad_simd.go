//go:build amd64 && !noasm

package kernel

// reluGradSIMD is ReLUGrad where the processor has vectors; it reports whether it was done.
func reluGradSIMD(dst, dy, y []float32) bool {
	switch active {
	case AVX512:
		reluGradAVX512(first(dst), first(dy), first(y), len(dst))
	case AVX2:
		reluGradAVX2(first(dst), first(dy), first(y), len(dst))
	default:
		return false
	}
	return true
}

// leakyReLUGradSIMD is LeakyReLUGrad where the processor has vectors; it reports whether it was done.
func leakyReLUGradSIMD(dst, dy, x []float32, alpha float32) bool {
	switch active {
	case AVX512:
		leakyReLUGradAVX512(first(dst), first(dy), first(x), len(dst), alpha)
	case AVX2:
		leakyReLUGradAVX2(first(dst), first(dy), first(x), len(dst), alpha)
	default:
		return false
	}
	return true
}

// hardTanhGradSIMD is HardTanhGrad where the processor has vectors; it reports whether it was done.
func hardTanhGradSIMD(dst, dy, x []float32, lo, hi float32) bool {
	switch active {
	case AVX512:
		hardTanhGradAVX512(first(dst), first(dy), first(x), len(dst), lo, hi)
	case AVX2:
		hardTanhGradAVX2(first(dst), first(dy), first(x), len(dst), lo, hi)
	default:
		return false
	}
	return true
}

// eluGradSIMD is scaledELUGrad where the processor has vectors; it reports whether it was done.
func eluGradSIMD(dst, dy, y []float32, scale, alpha, from float32) bool {
	switch active {
	case AVX512:
		eluGradAVX512(first(dst), first(dy), first(y), len(dst), scale, alpha, from)
	case AVX2:
		eluGradAVX2(first(dst), first(dy), first(y), len(dst), scale, alpha, from)
	default:
		return false
	}
	return true
}

// sigmoidGradSIMD is SigmoidGrad where the processor has vectors; it reports whether it was done.
func sigmoidGradSIMD(dst, dy, y []float32) bool {
	switch active {
	case AVX512:
		sigmoidGradAVX512(first(dst), first(dy), first(y), len(dst))
	case AVX2:
		sigmoidGradAVX2(first(dst), first(dy), first(y), len(dst))
	default:
		return false
	}
	return true
}

// tanhGradSIMD is TanhGrad where the processor has vectors; it reports whether it was done.
func tanhGradSIMD(dst, dy, y []float32) bool {
	switch active {
	case AVX512:
		tanhGradAVX512(first(dst), first(dy), first(y), len(dst))
	case AVX2:
		tanhGradAVX2(first(dst), first(dy), first(y), len(dst))
	default:
		return false
	}
	return true
}
