//go:build amd64 && !noasm

package kernel

// Each of these is the function it is named for where the processor has vectors;
// it reports whether it was done.

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

func subSIMD(dst, a, b []float32) bool {
	switch active {
	case AVX512:
		subAVX512(first(dst), first(a), first(b), len(dst))
	case AVX2:
		subAVX2(first(dst), first(a), first(b), len(dst))
	default:
		return false
	}
	return true
}

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

func divSIMD(dst, a, b []float32) bool {
	switch active {
	case AVX512:
		divAVX512(first(dst), first(a), first(b), len(dst))
	case AVX2:
		divAVX2(first(dst), first(a), first(b), len(dst))
	default:
		return false
	}
	return true
}

func squaredDifferenceSIMD(dst, a, b []float32) bool {
	switch active {
	case AVX512:
		squaredDifferenceAVX512(first(dst), first(a), first(b), len(dst))
	case AVX2:
		squaredDifferenceAVX2(first(dst), first(a), first(b), len(dst))
	default:
		return false
	}
	return true
}

func minimumSIMD(dst, a, b []float32) bool {
	switch active {
	case AVX512:
		minimumAVX512(first(dst), first(a), first(b), len(dst))
	case AVX2:
		minimumAVX2(first(dst), first(a), first(b), len(dst))
	default:
		return false
	}
	return true
}

func maximumSIMD(dst, a, b []float32) bool {
	switch active {
	case AVX512:
		maximumAVX512(first(dst), first(a), first(b), len(dst))
	case AVX2:
		maximumAVX2(first(dst), first(a), first(b), len(dst))
	default:
		return false
	}
	return true
}

func addScalarSIMD(dst, x []float32, s float32) bool {
	switch active {
	case AVX512:
		addScalarAVX512(first(dst), first(x), s, len(dst))
	case AVX2:
		addScalarAVX2(first(dst), first(x), s, len(dst))
	default:
		return false
	}
	return true
}

func mulScalarSIMD(dst, x []float32, s float32) bool {
	switch active {
	case AVX512:
		mulScalarAVX512(first(dst), first(x), s, len(dst))
	case AVX2:
		mulScalarAVX2(first(dst), first(x), s, len(dst))
	default:
		return false
	}
	return true
}

func divScalarSIMD(dst, x []float32, s float32) bool {
	switch active {
	case AVX512:
		divScalarAVX512(first(dst), first(x), s, len(dst))
	case AVX2:
		divScalarAVX2(first(dst), first(x), s, len(dst))
	default:
		return false
	}
	return true
}

func scalarSubSIMD(dst, x []float32, s float32) bool {
	switch active {
	case AVX512:
		scalarSubAVX512(first(dst), first(x), s, len(dst))
	case AVX2:
		scalarSubAVX2(first(dst), first(x), s, len(dst))
	default:
		return false
	}
	return true
}

func scalarDivSIMD(dst, x []float32, s float32) bool {
	switch active {
	case AVX512:
		scalarDivAVX512(first(dst), first(x), s, len(dst))
	case AVX2:
		scalarDivAVX2(first(dst), first(x), s, len(dst))
	default:
		return false
	}
	return true
}

func minimumScalarSIMD(dst, x []float32, s float32) bool {
	switch active {
	case AVX512:
		minimumScalarAVX512(first(dst), first(x), s, len(dst))
	case AVX2:
		minimumScalarAVX2(first(dst), first(x), s, len(dst))
	default:
		return false
	}
	return true
}

func maximumScalarSIMD(dst, x []float32, s float32) bool {
	switch active {
	case AVX512:
		maximumScalarAVX512(first(dst), first(x), s, len(dst))
	case AVX2:
		maximumScalarAVX2(first(dst), first(x), s, len(dst))
	default:
		return false
	}
	return true
}

func negSIMD(dst, x []float32) bool {
	switch active {
	case AVX512:
		negAVX512(first(dst), first(x), len(dst))
	case AVX2:
		negAVX2(first(dst), first(x), len(dst))
	default:
		return false
	}
	return true
}

func absSIMD(dst, x []float32) bool {
	switch active {
	case AVX512:
		absAVX512(first(dst), first(x), len(dst))
	case AVX2:
		absAVX2(first(dst), first(x), len(dst))
	default:
		return false
	}
	return true
}

func squareSIMD(dst, x []float32) bool {
	switch active {
	case AVX512:
		squareAVX512(first(dst), first(x), len(dst))
	case AVX2:
		squareAVX2(first(dst), first(x), len(dst))
	default:
		return false
	}
	return true
}

func clipSIMD(dst, x []float32, lo, hi float32) bool {
	switch active {
	case AVX512:
		clipAVX512(first(dst), first(x), lo, hi, len(dst))
	case AVX2:
		clipAVX2(first(dst), first(x), lo, hi, len(dst))
	default:
		return false
	}
	return true
}

func axpySIMD(dst []float32, alpha float32, x []float32) bool {
	switch active {
	case AVX512:
		axpyAVX512(first(dst), alpha, first(x), len(dst))
	case AVX2:
		axpyAVX2(first(dst), alpha, first(x), len(dst))
	default:
		return false
	}
	return true
}
