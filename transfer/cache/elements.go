package cache

import (
	"encoding/binary"
	"slices"
	"unsafe"
)

// littleEndian tells that elements lie in memory as they are kept.
var littleEndian = binary.NativeEndian.Uint16([]byte{1, 0}) == 1

type element interface {
	float32 | float64 | int | int32 | int64
}

// bytesOf is the memory of x.
func bytesOf[T element](x []T) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(x))), len(x)*int(unsafe.Sizeof(*new(T))))
}

// memoryOf is the memory of a slice of elements, and how many bytes an element has.
func memoryOf(x any) (memory []byte, size int) {
	switch x := x.(type) {
	case []float32:
		return bytesOf(x), 4
	case []float64:
		return bytesOf(x), 8
	case []int:
		return bytesOf(x), int(unsafe.Sizeof(int(0)))
	case []int32:
		return bytesOf(x), 4
	case []int64:
		return bytesOf(x), 8
	}
	panic("cache: a column of another dtype") // columnOf has looked
}

// swap reverses the bytes of each element.
func swap(b []byte, size int) {
	for ; len(b) >= size; b = b[size:] {
		slices.Reverse(b[:size])
	}
}

// firstBeyond returns the place of the first of some floats beyond a limit, on either side, NaN included; -1 for none.
func firstBeyond(x any, limit float64) (place int, value float64) {
	switch x := x.(type) {
	case []float32:
		return beyond(x, limit)
	case []float64:
		return beyond(x, limit)
	}
	return -1, 0
}

func beyond[T float32 | float64](x []T, limit float64) (int, float64) {
	for i, v := range x {
		if !(float64(v) <= limit && float64(v) >= -limit) {
			return i, float64(v)
		}
	}
	return -1, 0
}

// sameBits tells whether two slices of floats have the same bits.
func sameBits(a, b any) bool {
	x, _ := memoryOf(a)
	y, _ := memoryOf(b)
	return slices.Equal(x, y)
}
