//go:build amd64 && !noasm

package kernel

// sumSIMD is Sum where the processor has vectors; it reports whether it was
// done. So do the others here.
func sumSIMD(x []float32) (float32, bool) {
	switch active {
	case AVX512:
		return sumAVX512(first(x), len(x)), true
	case AVX2:
		return sumAVX2(first(x), len(x)), true
	}
	return 0, false
}

func dotSIMD(a, b []float32) (float32, bool) {
	switch active {
	case AVX512:
		return dotAVX512(first(a), first(b), len(a)), true
	case AVX2:
		return dotAVX2(first(a), first(b), len(a)), true
	}
	return 0, false
}

func maxSIMD(x []float32) (float32, bool) {
	switch active {
	case AVX512:
		return maxAVX512(first(x), len(x)), true
	case AVX2:
		return maxAVX2(first(x), len(x)), true
	}
	return 0, false
}

func minSIMD(x []float32) (float32, bool) {
	switch active {
	case AVX512:
		return minAVX512(first(x), len(x)), true
	case AVX2:
		return minAVX2(first(x), len(x)), true
	}
	return 0, false
}
