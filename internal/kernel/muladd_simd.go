//go:build amd64 && !noasm

package kernel

// mulAddRowsSIMD is MulAddRows where the processor has vectors; it reports whether it was done.
func mulAddRowsSIMD(dst, a, b []float32, rows, ldd, lda int) bool {
	switch active {
	case AVX512:
		mulAddRowsAVX512(first(dst), first(a), first(b), len(b), rows, 4*ldd, 4*lda)
	case AVX2:
		mulAddRowsAVX2(first(dst), first(a), first(b), len(b), rows, 4*ldd, 4*lda)
	default:
		return false
	}
	return true
}

// mulAddSumsSIMD is MulAddSums where the processor has vectors; it reports whether it was done.
func mulAddSumsSIMD(dst, a, b []float32, rows, lda, ldb int) bool {
	switch active {
	case AVX512:
		mulAddSumsAVX512(first(dst), first(a), first(b), len(dst), rows, 4*lda, 4*ldb)
	case AVX2:
		mulAddSumsAVX2(first(dst), first(a), first(b), len(dst), rows, 4*lda, 4*ldb)
	default:
		return false
	}
	return true
}
