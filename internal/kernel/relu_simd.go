//go:build amd64 && !noasm

package kernel

// reluSIMD is ReLU where the processor has vectors; it reports whether it was done.
func reluSIMD(dst, x []float32) bool {
	switch active {
	case AVX512:
		reluAVX512(first(dst), first(x), len(dst))
	case AVX2:
		reluAVX2(first(dst), first(x), len(dst))
	default:
		return false
	}
	return true
}

// leakyReLUSIMD is LeakyReLU where the processor has vectors; it reports whether it was done.
func leakyReLUSIMD(dst, x []float32, alpha float32) bool {
	switch active {
	case AVX512:
		leakyReLUAVX512(first(dst), first(x), len(dst), alpha)
	case AVX2:
		leakyReLUAVX2(first(dst), first(x), len(dst), alpha)
	default:
		return false
	}
	return true
}

// hardTanhSIMD is HardTanh where the processor has vectors; it reports whether it was done.
func hardTanhSIMD(dst, x []float32, lo, hi float32) bool {
	switch active {
	case AVX512:
		hardTanhAVX512(first(dst), first(x), len(dst), lo, hi)
	case AVX2:
		hardTanhAVX2(first(dst), first(x), len(dst), lo, hi)
	default:
		return false
	}
	return true
}

// sqrtSIMD is Sqrt where the processor has vectors; it reports whether it was done.
func sqrtSIMD(dst, x []float32) bool {
	switch active {
	case AVX512:
		sqrtAVX512(first(dst), first(x), len(dst))
	case AVX2:
		sqrtAVX2(first(dst), first(x), len(dst))
	default:
		return false
	}
	return true
}
