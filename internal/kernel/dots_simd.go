//go:build amd64 && !noasm

package kernel

import "unsafe"

// dotRunOf is the run over windows with weights.
func dotRunOf(y, x, weights []float32, d dots) windowRun {
	r := runOf(y, x, d.Windows)
	r.w = unsafe.Pointer(&weights[d.weight])
	r.yStep, r.wCol, r.wNext = 4*d.apart, 4*d.weightCol, 4*(d.weightRow-d.Cols*d.weightCol)
	return r
}

// dotWindowsSIMD is dotWindows where the processor has vectors; it reports whether it was done.
func dotWindowsSIMD(y, x, weights, bias []float32, d dots) bool {
	r := dotRunOf(y, x, weights, d)
	if bias != nil {
		r.bias = unsafe.Pointer(first(bias))
	}
	switch active {
	case AVX512:
		dotWindowsAVX512(&r)
	case AVX2:
		dotWindowsAVX2(&r)
	default:
		return false
	}
	return true
}

// sumWindowsSIMD is sumWindows where the processor has vectors; it reports whether it was done.
func sumWindowsSIMD(weights, x, y []float32, d dots) bool {
	if active == Portable {
		return false
	}
	for l := 0; l < d.Cols; {
		part := d
		part.weight += l * d.weightCol
		r := dotRunOf(y, x[l*d.ColStep:], weights, part)
		wide, taps := active == AVX512, 1
		switch left := d.Cols - l; {
		case left >= 5 && wide:
			windowSums5AVX512(&r)
			taps = 5
		case left >= 5:
			windowSums5AVX2(&r)
			taps = 5
		case left >= 3 && wide:
			windowSums3AVX512(&r)
			taps = 3
		case left >= 3:
			windowSums3AVX2(&r)
			taps = 3
		case wide:
			windowSums1AVX512(&r)
		default:
			windowSums1AVX2(&r)
		}
		l += taps
	}
	return true
}
