//go:build !amd64 || noasm

package kernel

func transposeSIMD(dst, src []float32, rows, cols, ldd, lds int) bool { return false }
