//go:build amd64 && !noasm

package kernel

// columnSumsSIMD is ColumnSums of the first len(dst) columns where the processor
// has vectors; it reports whether it was done. So do the others here.
func columnSumsSIMD(dst, x []float32, rows, stride int) bool {
	switch active {
	case AVX512:
		columnSumsAVX512(first(dst), first(x), rows, stride, len(dst))
	case AVX2:
		columnSumsAVX2(first(dst), first(x), rows, stride, len(dst))
	default:
		return false
	}
	return true
}

func sectionDeviationsSIMD(mean, m2 []float64, x []float32, rows, stride int) bool {
	few := min(centerRows, rows)
	part, inv := 1/float32(few), 1/float64(rows)
	switch active {
	case AVX512:
		columnDeviationsAVX512(first(mean), first(m2), first(x), rows, stride, len(mean), few, part, inv)
	case AVX2:
		columnDeviationsAVX2(first(mean), first(m2), first(x), rows, stride, len(mean), few, part, inv)
	default:
		return false
	}
	return true
}

func columnProductsSIMD(s, p []float64, dy, x, mean []float32, rows, stride int) bool {
	switch active {
	case AVX512:
		columnProductsAVX512(first(s), first(p), first(dy), first(x), first(mean), rows, stride, len(mean))
	case AVX2:
		columnProductsAVX2(first(s), first(p), first(dy), first(x), first(mean), rows, stride, len(mean))
	default:
		return false
	}
	return true
}

func batchNormSIMD(y, x, mean, coefs []float32, rows int) bool {
	cols := len(mean)
	switch active {
	case AVX512:
		batchNormAVX512(first(y), first(x), first(mean), first(coefs), rows, cols, cols)
	case AVX2:
		batchNormAVX2(first(y), first(x), first(mean), first(coefs), rows, cols, cols)
	default:
		return false
	}
	return true
}

func batchNormGradSIMD(dx, dy, x, mean, coefs []float32, rows int) bool {
	cols := len(mean)
	switch active {
	case AVX512:
		batchNormGradAVX512(first(dx), first(dy), first(x), first(mean), first(coefs), rows, cols, cols)
	case AVX2:
		batchNormGradAVX2(first(dx), first(dy), first(x), first(mean), first(coefs), rows, cols, cols)
	default:
		return false
	}
	return true
}

func scaleColumnsSIMD(y, x, scale []float32, rows int) bool {
	cols := len(scale)
	switch active {
	case AVX512:
		scaleColumnsAVX512(first(y), first(x), first(scale), rows, cols, cols)
	case AVX2:
		scaleColumnsAVX2(first(y), first(x), first(scale), rows, cols, cols)
	default:
		return false
	}
	return true
}
