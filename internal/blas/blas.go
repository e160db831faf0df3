// Package blas is gonum's BLAS over the kernels of package kernel: the products
// of float32 and float64 and the vector operations that Gorgonia and its
// tensors call are replaced, the rest is gonum's own.
package blas

import (
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/gonum"

	"github.com/plexaura/plexaura/internal/kernel"
)

// Implementation implements blas.Float32, Float64, Complex64 and Complex128. It
// has gonum's contract: what gonum panics on, this does, with gonum's words.
// Other than gonum it takes no notice of zeros: 0 * NaN is NaN.
type Implementation struct{ gonum.Implementation }

var _ interface {
	blas.Float32
	blas.Float64
	blas.Complex64
	blas.Complex128
} = Implementation{}

// Sgemm is c = alpha * op(a) * op(b) + beta * c in float32.
func (i Implementation) Sgemm(tA, tB blas.Transpose, m, n, k int, alpha float32, a []float32, lda int, b []float32, ldb int, beta float32, c []float32, ldc int) {
	if !fits(tA, tB, m, n, k, len(a), lda, len(b), ldb, len(c), ldc) {
		i.Implementation.Sgemm(tA, tB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc)
		return
	}
	kernel.Gemm(transposed(tA), transposed(tB), m, n, k, alpha, a, lda, b, ldb, beta, c, ldc)
}

// Dgemm is c = alpha * op(a) * op(b) + beta * c in float64.
func (i Implementation) Dgemm(tA, tB blas.Transpose, m, n, k int, alpha float64, a []float64, lda int, b []float64, ldb int, beta float64, c []float64, ldc int) {
	if !fits(tA, tB, m, n, k, len(a), lda, len(b), ldb, len(c), ldc) {
		i.Implementation.Dgemm(tA, tB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc)
		return
	}
	kernel.Gemm(transposed(tA), transposed(tB), m, n, k, alpha, a, lda, b, ldb, beta, c, ldc)
}

// Sgemv is y = alpha * op(a) * x + beta * y in float32.
func (i Implementation) Sgemv(tA blas.Transpose, m, n int, alpha float32, a []float32, lda int, x []float32, incX int, beta float32, y []float32, incY int) {
	if !gemv(tA, m, n, alpha, a, lda, x, incX, beta, y, incY) {
		i.Implementation.Sgemv(tA, m, n, alpha, a, lda, x, incX, beta, y, incY)
	}
}

// Dgemv is y = alpha * op(a) * x + beta * y in float64.
func (i Implementation) Dgemv(tA blas.Transpose, m, n int, alpha float64, a []float64, lda int, x []float64, incX int, beta float64, y []float64, incY int) {
	if !gemv(tA, m, n, alpha, a, lda, x, incX, beta, y, incY) {
		i.Implementation.Dgemv(tA, m, n, alpha, a, lda, x, incX, beta, y, incY)
	}
}

// Sger is a += alpha * x * transposed y in float32.
func (i Implementation) Sger(m, n int, alpha float32, x []float32, incX int, y []float32, incY int, a []float32, lda int) {
	if incX != 1 || incY != 1 || !fits(blas.NoTrans, blas.NoTrans, m, n, 1, len(x), 1, len(y), max(1, n), len(a), lda) {
		i.Implementation.Sger(m, n, alpha, x, incX, y, incY, a, lda)
		return
	}
	kernel.Gemm(false, false, m, n, 1, alpha, x, 1, y, max(1, n), 1, a, lda)
}

// Sdot is the inner product of x and y in float32.
func (i Implementation) Sdot(n int, x []float32, incX int, y []float32, incY int) float32 {
	if incX != 1 || incY != 1 || n <= 0 || len(x) < n || len(y) < n {
		return i.Implementation.Sdot(n, x, incX, y, incY)
	}
	return kernel.Dot(x[:n], y)
}

// Saxpy is y += alpha * x in float32.
func (i Implementation) Saxpy(n int, alpha float32, x []float32, incX int, y []float32, incY int) {
	if incX != 1 || incY != 1 || n <= 0 || len(x) < n || len(y) < n || alpha == 0 {
		i.Implementation.Saxpy(n, alpha, x, incX, y, incY)
		return
	}
	kernel.Axpy(y[:n], alpha, x)
}

// Sscal is x *= alpha in float32.
func (i Implementation) Sscal(n int, alpha float32, x []float32, incX int) {
	if incX != 1 || n <= 0 || len(x) < n || alpha == 0 {
		i.Implementation.Sscal(n, alpha, x, incX)
		return
	}
	kernel.MulScalar(x[:n], x, alpha)
}

// gemv computes y = alpha*op(a)*x + beta*y where the vectors have no gaps; it
// reports whether it did.
func gemv[T float32 | float64](tA blas.Transpose, m, n int, alpha T, a []T, lda int, x []T, incX int, beta T, y []T, incY int) bool {
	if incX != 1 || incY != 1 || m <= 0 || n <= 0 || !known(tA) || lda < n || len(a) < (m-1)*lda+n {
		return false
	}
	if transposed(tA) { // y as a row: x * a
		if len(x) < m || len(y) < n {
			return false
		}
		kernel.Gemm(false, false, 1, n, m, alpha, x, m, a, lda, beta, y, n)
		return true
	}
	if len(x) < n || len(y) < m {
		return false
	}
	kernel.Gemm(false, false, m, 1, n, alpha, a, lda, x, 1, beta, y, 1)
	return true
}

// fits tells whether the arguments of a product are in order.
func fits(tA, tB blas.Transpose, m, n, k, lenA, lda, lenB, ldb, lenC, ldc int) bool {
	if !known(tA) || !known(tB) || m < 0 || n < 0 || k < 0 {
		return false
	}
	rowsA, colsA, rowsB, colsB := m, k, k, n
	if transposed(tA) {
		rowsA, colsA = k, m
	}
	if transposed(tB) {
		rowsB, colsB = n, k
	}
	return holds(rowsA, colsA, lda, lenA) && holds(rowsB, colsB, ldb, lenB) && holds(m, n, ldc, lenC)
}

// holds tells whether a slice of that length has room for the matrix.
func holds(rows, cols, ld, length int) bool {
	return ld >= max(1, cols) && (rows == 0 || cols == 0 || length >= (rows-1)*ld+cols)
}

func known(t blas.Transpose) bool {
	return t == blas.NoTrans || t == blas.Trans || t == blas.ConjTrans
}

func transposed(t blas.Transpose) bool { return t != blas.NoTrans }
