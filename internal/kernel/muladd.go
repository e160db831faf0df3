package kernel

// MulAddRows adds the products of rows of a with a vector to rows of dst:
//
//	for r := range rows { for i := range b { dst[r*ldd+i] += T(a[r*lda+i] * b[i]) } }
//
// The product is rounded, so the bits are the same on any processor.
func MulAddRows[T Float](dst, a, b []T, rows, ldd, lda int) {
	if rows <= 0 || len(b) == 0 {
		return
	}
	_, _ = dst[(rows-1)*ldd+len(b)-1], a[(rows-1)*lda+len(b)-1]
	if is32[T]() && mulAddRowsSIMD(as32(dst), as32(a), as32(b), rows, ldd, lda) {
		return
	}
	for r := range rows {
		mulAddPortable(dst[r*ldd:][:len(b)], a[r*lda:], b)
	}
}

// MulAddSums adds the products of rows of a and b to a vector, in order:
//
//	for r := range rows { for i := range dst { dst[i] += T(a[r*lda+i] * b[r*ldb+i]) } }
//
// The product is rounded, so the bits are the same on any processor.
func MulAddSums[T Float](dst, a, b []T, rows, lda, ldb int) {
	if rows <= 0 || len(dst) == 0 {
		return
	}
	_, _ = a[(rows-1)*lda+len(dst)-1], b[(rows-1)*ldb+len(dst)-1]
	if is32[T]() && mulAddSumsSIMD(as32(dst), as32(a), as32(b), rows, lda, ldb) {
		return
	}
	for r := range rows {
		mulAddPortable(dst, a[r*lda:], b[r*ldb:])
	}
}

// mulAddPortable is dst[i] += a[i] * b[i].
func mulAddPortable[T Float](dst, a, b []T) {
	a, b = a[:len(dst)], b[:len(dst)]
	i := 0
	for ; i+4 <= len(dst); i += 4 {
		d, x, y := dst[i:i+4:i+4], a[i:i+4:i+4], b[i:i+4:i+4]
		d[0] += T(x[0] * y[0])
		d[1] += T(x[1] * y[1])
		d[2] += T(x[2] * y[2])
		d[3] += T(x[3] * y[3])
	}
	for ; i < len(dst); i++ {
		dst[i] += T(a[i] * b[i])
	}
}
