//go:build amd64 && !noasm

package kernel

// transposeSIMD is Transpose where the processor has vectors; it reports whether
// it was done.
func transposeSIMD(dst, src []float32, rows, cols, ldd, lds int) bool {
	switch active {
	case AVX512:
		transposeAVX512(first(dst), first(src), rows, cols, ldd, lds)
	case AVX2:
		transposeAVX2(first(dst), first(src), rows, cols, ldd, lds)
	default:
		return false
	}
	return true
}
