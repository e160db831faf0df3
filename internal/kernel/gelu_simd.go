//go:build amd64 && !noasm

package kernel

// geluSIMD is GELU where the processor has vectors; it reports whether it was done.
func geluSIMD(dst, x []float32) bool {
	switch active {
	case AVX512:
		geluAVX512(first(dst), first(x), len(dst))
	case AVX2:
		geluAVX2(first(dst), first(x), len(dst))
	default:
		return false
	}
	return true
}

// geluTanhSIMD is GELUTanh where the processor has vectors; it reports whether it was done.
func geluTanhSIMD(dst, x []float32) bool {
	switch active {
	case AVX512:
		geluTanhAVX512(first(dst), first(x), len(dst))
	case AVX2:
		geluTanhAVX2(first(dst), first(x), len(dst))
	default:
		return false
	}
	return true
}

// siluSIMD is SiLU where the processor has vectors; it reports whether it was done.
func siluSIMD(dst, x []float32) bool {
	switch active {
	case AVX512:
		siluAVX512(first(dst), first(x), len(dst))
	case AVX2:
		siluAVX2(first(dst), first(x), len(dst))
	default:
		return false
	}
	return true
}

// geluGradSIMD is GELUGrad where the processor has vectors; it reports whether it was done.
func geluGradSIMD(dst, dy, x []float32) bool {
	switch active {
	case AVX512:
		geluGradAVX512(first(dst), first(dy), first(x), len(dst))
	case AVX2:
		geluGradAVX2(first(dst), first(dy), first(x), len(dst))
	default:
		return false
	}
	return true
}

// geluTanhGradSIMD is GELUTanhGrad where the processor has vectors; it reports whether it was done.
func geluTanhGradSIMD(dst, dy, x []float32) bool {
	switch active {
	case AVX512:
		geluTanhGradAVX512(first(dst), first(dy), first(x), len(dst))
	case AVX2:
		geluTanhGradAVX2(first(dst), first(dy), first(x), len(dst))
	default:
		return false
	}
	return true
}

// siluGradSIMD is SiLUGrad where the processor has vectors; it reports whether it was done.
func siluGradSIMD(dst, dy, x []float32) bool {
	switch active {
	case AVX512:
		siluGradAVX512(first(dst), first(dy), first(x), len(dst))
	case AVX2:
		siluGradAVX2(first(dst), first(dy), first(x), len(dst))
	default:
		return false
	}
	return true
}
