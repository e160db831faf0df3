//go:build amd64 && !noasm

package kernel

// logSIMD is Log where the processor has vectors; it reports whether it was done.
func logSIMD(dst, x []float32) bool {
	switch active {
	case AVX512:
		logAVX512(first(dst), first(x), len(dst))
	case AVX2:
		logAVX2(first(dst), first(x), len(dst))
	default:
		return false
	}
	return true
}

// log1pSIMD is Log1p where the processor has vectors; it reports whether it was done.
func log1pSIMD(dst, x []float32) bool {
	switch active {
	case AVX512:
		log1pAVX512(first(dst), first(x), len(dst))
	case AVX2:
		log1pAVX2(first(dst), first(x), len(dst))
	default:
		return false
	}
	return true
}

// softplusSIMD is Softplus where the processor has vectors; it reports whether it was done.
func softplusSIMD(dst, x []float32) bool {
	switch active {
	case AVX512:
		softplusAVX512(first(dst), first(x), len(dst))
	case AVX2:
		softplusAVX2(first(dst), first(x), len(dst))
	default:
		return false
	}
	return true
}
