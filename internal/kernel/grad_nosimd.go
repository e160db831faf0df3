//go:build !amd64 || noasm

package kernel

func reluGradSIMD(dst, dy, y []float32) bool                            { return false }
func leakyReLUGradSIMD(dst, dy, x []float32, alpha float32) bool        { return false }
func hardTanhGradSIMD(dst, dy, x []float32, lo, hi float32) bool        { return false }
func eluGradSIMD(dst, dy, y []float32, scale, alpha, from float32) bool { return false }
func sigmoidGradSIMD(dst, dy, y []float32) bool                         { return false }
func tanhGradSIMD(dst, dy, y []float32) bool                            { return false }
