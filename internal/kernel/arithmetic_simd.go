//go:build amd64 && !noasm

package kernel

// addSIMD is Add where the processor has vectors; it reports whether it was done.
func addSIMD(dst, a, b []float32) bool {
	switch active {
	case AVX512:
		addAVX512(first(dst), first(a), first(b), len(dst))
	case AVX2:
		addAVX2(first(dst), first(a), first(b), len(dst))
	default:
		return false
	}
	return true
}

// mulSIMD is Mul where the processor has vectors; it reports whether it was done.
func mulSIMD(dst, a, b []float32) bool {
	switch active {
	case AVX512:
		mulAVX512(first(dst), first(a), first(b), len(dst))
	case AVX2:
		mulAVX2(first(dst), first(a), first(b), len(dst))
	default:
		return false
	}
	return true
}
