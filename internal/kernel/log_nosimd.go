//go:build !amd64 || noasm

package kernel

func logSIMD(dst, x []float32) bool      { return false }
func log1pSIMD(dst, x []float32) bool    { return false }
func softplusSIMD(dst, x []float32) bool { return false }
