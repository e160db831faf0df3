//go:build !amd64 || noasm

package kernel

func reluSIMD(dst, x []float32) bool                     { return false }
func leakyReLUSIMD(dst, x []float32, alpha float32) bool { return false }
func hardTanhSIMD(dst, x []float32, lo, hi float32) bool { return false }
func sqrtSIMD(dst, x []float32) bool                     { return false }
