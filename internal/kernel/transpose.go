package kernel

import "unsafe"

// Transpose moves the elements of a matrix of any type:
//
//	for r := range rows { for c := range cols { dst[c*ldd+r] = src[r*lds+c] } }
//
// The rows of src begin lds elements apart, those of dst ldd; cols <= lds and
// rows <= ldd. What lies between the rows of dst is left as it is.
func Transpose[T any](dst, src []T, rows, cols, ldd, lds int) {
	if rows <= 0 || cols <= 0 {
		return
	}
	dst, src = dst[:(cols-1)*ldd+rows], src[:(rows-1)*lds+cols]
	for r := 0; r < rows; r += transposeRows {
		height := min(transposeRows, rows-r)
		for c := 0; c < cols; c += transposeCols {
			width := min(transposeCols, cols-c)
			d, s := dst[c*ldd+r:], src[r*lds+c:]
			if size := unsafe.Sizeof(*new(T)); size == 4 && transposeSIMD(words(d), words(s), height, width, ldd, lds) {
				continue
			}
			transposeBlock(d, s, height, min(width, transposeCols/2), ldd, lds)
			if half := transposeCols / 2; width > half {
				transposeBlock(d[half*ldd:], s[half:], height, width-half, ldd, lds)
			}
		}
	}
}

// transposeBlock is Transpose element by element.
func transposeBlock[T any](dst, src []T, rows, cols, ldd, lds int) {
	for r := range rows {
		at := r
		for _, v := range src[r*lds:][:cols] {
			dst[at] = v
			at += ldd
		}
	}
}

// A block of transposeRows by transposeCols is transposed at a time. It is as
// wide as a cache line of src and, element by element, half of that: where ldd
// is a large power of two, the lines of dst that are open at the same time all
// fall into one set of the cache, which has room for eight.
const transposeRows, transposeCols = 256, 16
