package kernel

// Finisher is given the rows of a product as they are finished, while they are
// still in the processor's cache.
type Finisher[T Float] interface {
	// Finish may change row, which is the finished c[i*ldc+j : i*ldc+j+len(row)].
	// It is called once for every element of c, from several goroutines at once; how c is cut
	// into pieces must not matter.
	Finish(i, j int, row []T)
}

// GemmFinish is Gemm, then c[i*ldc+j] += bias[j] unless bias is nil, then f
// on all of c unless f is nil: what a layer does to its product, without
// another walk over it.
func GemmFinish[T Float](transA, transB bool, m, n, k int, alpha T, a []T, lda int, b []T, ldb int, beta T, c []T, ldc int, bias []T, f Finisher[T]) {
	Gemm(transA, transB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc)
	for i := 0; i < m && n > 0; i++ {
		row := c[i*ldc : i*ldc+n]
		if bias != nil {
			Add(row, row, bias)
		}
		if f != nil {
			f.Finish(i, 0, row)
		}
	}
}
