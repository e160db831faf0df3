//go:build !amd64 || noasm

package kernel

func softmaxSIMD(dst, x, top []float32, sum []float64, cols int) bool { return false }
func expSumsSIMD(x, top []float32, sum []float64, cols int) bool      { return false }
func logSoftmaxSIMD(dst, x, top, log []float32, cols int) bool        { return false }
