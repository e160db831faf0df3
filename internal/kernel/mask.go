package kernel

import (
	"math"
	"unsafe"
)

// Keep is, for masks of zeros and ones,
//
//	for i := range dst { if mask[i] == 1 { dst[i] = x[i] * scale } else { dst[i] = 0 } }
func Keep[T Float](dst, x []T, mask []uint8, scale T) {
	x, mask = x[:len(dst)], mask[:len(dst)]
	if !is32[T]() {
		keep64(as64(dst), as64(x), mask, float64(scale))
	} else if !keepSIMD(as32(dst), as32(x), mask, float32(scale)) {
		keep32(as32(dst), as32(x), mask, float32(scale))
	}
}

// keep32 and keep64 clear by the mask's bits: a branch would be mispredicted
// half the time.
func keep32(dst, x []float32, mask []uint8, scale float32) {
	x, mask = x[:len(dst)], mask[:len(dst)]
	for i := range dst {
		dst[i] = math.Float32frombits(math.Float32bits(x[i]*scale) & -uint32(mask[i]))
	}
}

func keep64(dst, x []float64, mask []uint8, scale float64) {
	x, mask = x[:len(dst)], mask[:len(dst)]
	for i := range dst {
		dst[i] = math.Float64frombits(math.Float64bits(x[i]*scale) & -uint64(mask[i]))
	}
}

// Order compares bytes with a limit:
//
//	for i := range dst {
//		dst[i] = 0 where x[i] < limit, 1 where x[i] > limit, equals where it is the limit
//	}
func Order(dst, x []uint8, limit, equals uint8) {
	x = x[:len(dst)]
	for i := orderSIMD(dst, x, limit, equals); i < len(dst); i++ {
		v := uint32(x[i])
		less := (v - uint32(limit)) >> 31 // without a branch, which would be mispredicted
		same := ((v ^ uint32(limit)) - 1) >> 31
		dst[i] = uint8(1 - less + same*(uint32(equals)-1))
	}
}

// Choose is
//
//	for i := range dst { if cond[i] { dst[i] = a[i] } else { dst[i] = b[i] } }
func Choose[T any](dst []T, cond []bool, a, b []T) {
	cond, a, b = cond[:len(dst)], a[:len(dst)], b[:len(dst)]
	if size := unsafe.Sizeof(*new(T)); size == 4 && chooseSIMD(words(dst), cond, words(a), words(b)) {
		return
	}
	for i, yes := range cond {
		v := b[i]
		if yes {
			v = a[i]
		}
		dst[i] = v
	}
}

// words views elements of 32 bits as float32, to be moved only.
func words[T any](x []T) []float32 {
	return unsafe.Slice((*float32)(unsafe.Pointer(unsafe.SliceData(x))), len(x))
}
