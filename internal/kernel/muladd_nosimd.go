//go:build !amd64 || noasm

package kernel

func mulAddRowsSIMD(dst, a, b []float32, rows, ldd, lda int) bool { return false }
func mulAddSumsSIMD(dst, a, b []float32, rows, lda, ldb int) bool { return false }
