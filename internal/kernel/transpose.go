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
			for i := range height {
				at := i
				for _, v := range s[i*lds:][:width] {
					d[at] = v
					at += ldd
				}
			}
		}
	}
}

// A block of transposeRows by transposeCols is transposed at a time, so that
// both of its sides stay in the L1 cache.
const transposeRows, transposeCols = 32, 32
