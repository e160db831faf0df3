//go:build amd64 && !noasm

package kernel

// softmaxSIMD is Softmax where the processor has vectors; it reports whether it
// was done. So do the others here.
func softmaxSIMD(dst, x, top []float32, sum []float64, cols int) bool {
	switch active {
	case AVX512:
		softmaxRowsAVX512(first(dst), first(x), first(top), first(sum), len(top), cols)
	case AVX2:
		softmaxRowsAVX2(first(dst), first(x), first(top), first(sum), len(top), cols)
	default:
		return false
	}
	return true
}

func expSumsSIMD(x, top []float32, sum []float64, cols int) bool {
	switch active {
	case AVX512:
		expSumRowsAVX512(first(x), first(top), first(sum), len(top), cols)
	case AVX2:
		expSumRowsAVX2(first(x), first(top), first(sum), len(top), cols)
	default:
		return false
	}
	return true
}

func logSoftmaxSIMD(dst, x, top, log []float32, cols int) bool {
	switch active {
	case AVX512:
		logSoftmaxRowsAVX512(first(dst), first(x), first(top), first(log), len(top), cols)
	case AVX2:
		logSoftmaxRowsAVX2(first(dst), first(x), first(top), first(log), len(top), cols)
	default:
		return false
	}
	return true
}
