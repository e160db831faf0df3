//go:build !amd64 || noasm

package kernel

func expSIMD(dst, x []float32) bool                       { return false }
func expm1SIMD(dst, x []float32) bool                     { return false }
func eluSIMD(dst, x []float32, scale, alpha float32) bool { return false }
func sigmoidSIMD(dst, x []float32) bool                   { return false }
func tanhSIMD(dst, x []float32) bool                      { return false }
func softplusGradSIMD(dst, dy, x []float32) bool          { return false }
