package kernel

import (
	"math"
	"unsafe"
)

// Gemm is the matrix product of row-major matrices
//
//	for i := range m {
//		for j := range n {
//			s := sum over l < k of op(a)[i, l] * op(b)[l, j]
//			c[i*ldc+j] = alpha*s + beta*c[i*ldc+j]
//		}
//	}
//
// where op(a) is [m, k] with op(a)[i, l] = a[i*lda+l], or a[l*lda+i] if
// transA, and op(b) is [k, n] with op(b)[l, j] = b[l*ldb+j], or b[j*ldb+l] if
// transB. The order of the sum and where alpha is applied are free; they
// depend on k but not on m, so a row of c is the same to rounding whatever the
// other rows of a batch are.
//
// With beta == 0, c is only written (NaN in it disappears); with alpha == 0 or
// k == 0, a and b are not read and c is scaled by beta. Otherwise NaN and
// infinities in a and b propagate by IEEE 754: 0 * NaN is NaN. c must not
// overlap a or b. Gemm splits large products over package parallel and does
// not allocate.
func Gemm[T Float](transA, transB bool, m, n, k int, alpha T, a []T, lda int, b []T, ldb int, beta T, c []T, ldc int) {
	if m == 0 || n == 0 {
		return
	}
	if k == 0 || alpha == 0 {
		scaleMatrix(m, n, beta, c, ldc)
		return
	}
	// gonum's loops over rows of op(b) skip a zero of alpha*op(a), and so the
	// NaN it would meet; with op(a) and op(b) as in a dot product they do not.
	if (!transB || transA) && zeroMeetsNonFinite(transA, transB, m, n, k, alpha, a, lda, b, ldb) {
		gemmPlain(transA, transB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc)
		return
	}
	if is32[T]() {
		SGEMM(transA, transB, m, n, k, float32(alpha), as32(a), lda, as32(b), ldb, float32(beta), as32(c), ldc)
	} else {
		DGEMM(transA, transB, m, n, k, float64(alpha), as64(a), lda, as64(b), ldb, float64(beta), as64(c), ldc)
	}
}

// GemmFunc is a matrix product with the contract of Gemm, except that m, n, k
// and alpha are not zero and that it may skip products with a zero of
// alpha*op(a).
type GemmFunc[T Float] func(transA, transB bool, m, n, k int, alpha T, a []T, lda int, b []T, ldb int, beta T, c []T, ldc int)

// SGEMM and DGEMM are what Gemm calls, once for each product. They are the
// seam for another implementation, and for tests and benchmarks that count
// products or leave them out; see SetGemm.
var (
	SGEMM GemmFunc[float32] = tiledGemm[float32]
	DGEMM GemmFunc[float64] = tiledGemm[float64]
)

// SetGemm puts s and d (nil: unchanged) in place of SGEMM and DGEMM and
// returns a function that puts the former ones back. It is not synchronized
// with products that are running.
func SetGemm(s GemmFunc[float32], d GemmFunc[float64]) (restore func()) {
	s0, d0 := SGEMM, DGEMM
	if s != nil {
		SGEMM = s
	}
	if d != nil {
		DGEMM = d
	}
	return func() { SGEMM, DGEMM = s0, d0 }
}

// scaleMatrix is c = beta * c, and zero for beta == 0 whatever c held.
func scaleMatrix[T Float](m, n int, beta T, c []T, ldc int) {
	if beta == 1 {
		return
	}
	for i := 0; i < m; i++ {
		row := c[i*ldc : i*ldc+n]
		if beta == 0 {
			clear(row)
		} else {
			MulScalar(row, row, beta)
		}
	}
}

// zeroMeetsNonFinite reports whether some alpha*op(a)[i, l] may be zero while
// row l of op(b) has a NaN or an infinity.
func zeroMeetsNonFinite[T Float](transA, transB bool, m, n, k int, alpha T, a []T, lda int, b []T, ldb int) bool {
	if transB {
		for j := 0; j < n; j++ {
			if !allFinite(b[j*ldb : j*ldb+k]) {
				return true
			}
		}
		return false
	}
	// For few rows b is as large as the work: look only at the rows of b that
	// a zero meets.
	const fewRows = 16
	for l := 0; l < k; l++ {
		if m >= fewRows || hasZero(transA, m, l, alpha, a, lda) {
			if !allFinite(b[l*ldb : l*ldb+n]) {
				return true
			}
		}
	}
	return false
}

// hasZero reports whether column l of alpha*op(a) has a zero.
func hasZero[T Float](transA bool, m, l int, alpha T, a []T, lda int) bool {
	at, step := l, lda
	if transA {
		at, step = l*lda, 1
	}
	for i := 0; i < m; i++ {
		if alpha*a[at+i*step] == 0 {
			return true
		}
	}
	return false
}

// allFinite reports whether x has neither NaN nor infinity, that is no
// exponent of all ones. Adding one to the exponent field carries into the sign
// bit, cleared before, for just those; float32 goes two at a time.
func allFinite[T Float](x []T) bool {
	if !is32[T]() {
		var carry uint64
		for _, v := range as64(x) {
			carry |= math.Float64bits(v)&(0x7ff<<52) + 1<<52
		}
		return carry>>63 == 0
	}
	f := as32(x)
	var odd uint32
	if len(f) > 0 && uintptr(unsafe.Pointer(&f[0]))%8 != 0 {
		odd |= math.Float32bits(f[0])&(0xff<<23) + 1<<23
		f = f[1:]
	}
	if len(f)%2 != 0 {
		odd |= math.Float32bits(f[len(f)-1])&(0xff<<23) + 1<<23
	}
	var c0, c1 uint64
	if pairs := len(f) / 2; pairs > 0 {
		const exponents, ones = 0x7f800000_7f800000, 0x00800000_00800000
		w := unsafe.Slice((*uint64)(unsafe.Pointer(&f[0])), pairs)
		for len(w) >= 4 {
			c0 |= (w[0]&exponents + ones) | (w[1]&exponents + ones)
			c1 |= (w[2]&exponents + ones) | (w[3]&exponents + ones)
			w = w[4:]
		}
		for _, v := range w {
			c0 |= v&exponents + ones
		}
	}
	return (c0|c1)&0x80000000_80000000 == 0 && odd>>31 == 0
}

// gemmPlain is the contract of Gemm in plain loops.
func gemmPlain[T Float](transA, transB bool, m, n, k int, alpha T, a []T, lda int, b []T, ldb int, beta T, c []T, ldc int) {
	scaleMatrix(m, n, beta, c, ldc)
	ai, al := lda, 1
	if transA {
		ai, al = 1, lda
	}
	for i := 0; i < m; i++ {
		row := c[i*ldc : i*ldc+n]
		for l := 0; l < k; l++ {
			f := alpha * a[i*ai+l*al]
			if !transB {
				Axpy(row, f, b[l*ldb:l*ldb+n])
				continue
			}
			for j := range row {
				row[j] += f * b[j*ldb+l]
			}
		}
	}
}
