//go:build !amd64 || noasm

package kernel

func keepSIMD(dst, x []float32, mask []uint8, scale float32) bool { return false }

func orderSIMD(dst, x []uint8, limit, equals uint8) int { return 0 }

func chooseSIMD(dst []float32, cond []bool, a, b []float32) bool { return false }

func fromBytesSIMD(dst []float32, x []uint8) bool { return false }
