//go:build amd64 && !noasm

package kernel

import "unsafe"

// windowRun is what the assembly of windows works on, in bytes; it is changed on the way.
// gen/windows.go knows the fields by their place.
type windowRun struct {
	y, x, w, bias                          unsafe.Pointer
	count, channels, rows, cols            int
	yStep, xStep, xCol, xNext, wCol, wNext int // Next: from behind a row of a window to the next
	yGrad, xGrad                           unsafe.Pointer
	_, _                                   int // from y and x to their gradients, which the assembly sets
	divisor                                float32
}

// runOf is the run over windows of x.
func runOf(y, x []float32, w Windows) windowRun {
	return windowRun{
		y: unsafe.Pointer(first(y)), x: unsafe.Pointer(first(x)),
		count: w.Count, channels: w.Channels, rows: w.Rows, cols: w.Cols,
		yStep: 4 * w.Channels, xStep: 4 * w.Step, xCol: 4 * w.ColStep, xNext: 4 * (w.RowStep - w.Cols*w.ColStep),
	}
}

// maxWindowsSIMD is MaxWindows where the processor has vectors; it reports whether it was done.
func maxWindowsSIMD(y, x []float32, w Windows) bool {
	r := runOf(y, x, w)
	switch active {
	case AVX512:
		maxWindowsAVX512(&r)
	case AVX2:
		maxWindowsAVX2(&r)
	default:
		return false
	}
	return true
}

// maxWindowsGradSIMD is MaxWindowsGrad where the processor has vectors; it reports whether
// it was done.
func maxWindowsGradSIMD(dx, dy, x, y []float32, w Windows) bool {
	r := runOf(y, x, w)
	r.yGrad, r.xGrad = unsafe.Pointer(first(dy)), unsafe.Pointer(first(dx))
	switch active {
	case AVX512:
		maxWindowsGradAVX512(&r)
	case AVX2:
		maxWindowsGradAVX2(&r)
	default:
		return false
	}
	return true
}

// meanWindowsSIMD is MeanWindows where the processor has vectors; it reports whether it was done.
func meanWindowsSIMD(y, x []float32, divisor float32, w Windows) bool {
	r := runOf(y, x, w)
	r.divisor = divisor
	switch active {
	case AVX512:
		meanWindowsAVX512(&r)
	case AVX2:
		meanWindowsAVX2(&r)
	default:
		return false
	}
	return true
}

// meanWindowsGradSIMD is MeanWindowsGrad where the processor has vectors; it reports whether
// it was done.
func meanWindowsGradSIMD(dx, dy []float32, divisor float32, w Windows) bool {
	r := runOf(dy, dx, w)
	r.divisor = divisor
	switch active {
	case AVX512:
		meanWindowsGradAVX512(&r)
	case AVX2:
		meanWindowsGradAVX2(&r)
	default:
		return false
	}
	return true
}
