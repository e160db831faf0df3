//go:build amd64 && !noasm

package kernel

import "unsafe"

// keepSIMD is Keep where the processor has vectors; it reports whether it was
// done.
func keepSIMD(dst, x []float32, mask []uint8, scale float32) bool {
	switch active {
	case AVX512:
		keepAVX512(first(dst), first(x), first(mask), scale, len(dst))
	case AVX2:
		keepAVX2(first(dst), first(x), first(mask), scale, len(dst))
	default:
		return false
	}
	return true
}

// orderSIMD is Order of the beginning of x where the processor has vectors; it
// returns how many bytes it did.
func orderSIMD(dst, x []uint8, limit, equals uint8) int {
	if active == Portable {
		return 0
	}
	n := len(dst) / 32
	const four = 0x01010101
	orderAVX2(first(dst), first(x), four*uint32(limit), four*uint32(equals), n)
	return 32 * n
}

// chooseSIMD is Choose where the processor has vectors; it reports whether it
// was done.
func chooseSIMD(dst []float32, cond []bool, a, b []float32) bool {
	mask := (*byte)(unsafe.Pointer(first(cond)))
	switch active {
	case AVX512:
		chooseAVX512(first(dst), mask, first(a), first(b), len(dst))
	case AVX2:
		chooseAVX2(first(dst), mask, first(a), first(b), len(dst))
	default:
		return false
	}
	return true
}

// fromBytesSIMD is FromBytes where the processor has vectors; it reports whether
// it was done.
func fromBytesSIMD(dst []float32, x []uint8) bool {
	switch active {
	case AVX512:
		fromBytesAVX512(first(dst), first(x), len(dst))
	case AVX2:
		fromBytesAVX2(first(dst), first(x), len(dst))
	default:
		return false
	}
	return true
}
