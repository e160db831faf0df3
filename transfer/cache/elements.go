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

// encode makes of the memory of elements, of size bytes each, what is kept of them.
func encode(b, memory []byte, size int) {
	copy(b, memory)
	if !littleEndian {
		swap(b[:len(memory)], size)
	}
}

// decode is the inverse of encode.
func decode(memory, b []byte, size int) { encode(memory, b, size) }

// swap reverses the bytes of each element.
func swap(b []byte, size int) {
	for ; len(b) >= size; b = b[size:] {
		slices.Reverse(b[:size])
	}
}

// notFinite returns the place of the first NaN or infinity among float32s or float64s; -1 for none.
func notFinite(x any) (place int, value float64) {
	switch x := x.(type) {
	case []float32:
		return firstNotFinite(x)
	case []float64:
		return firstNotFinite(x)
	}
	return -1, 0
}

func firstNotFinite[T float32 | float64](x []T) (int, float64) {
	for i, v := range x {
		if v-v != 0 { // of a NaN or an infinity this is NaN
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
