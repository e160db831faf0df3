//go:build !amd64 || noasm

package kernel

// microKernelsOf returns the portable micro-kernels.
func microKernelsOf[T Float]() *microKernels { return portableKernels[T]() }

func packRowsSIMD[T Float](dst, src []T, distance, width int) bool { return false }

func packColumns8(dst, src []float32, blocks, distance, width int) bool { return false }

func peakSIMD(rounds int) int { return 0 }
