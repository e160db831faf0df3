//go:build !amd64 || noasm

package kernel

func geluSIMD(dst, x []float32) bool             { return false }
func geluTanhSIMD(dst, x []float32) bool         { return false }
func siluSIMD(dst, x []float32) bool             { return false }
func geluGradSIMD(dst, dy, x []float32) bool     { return false }
func geluTanhGradSIMD(dst, dy, x []float32) bool { return false }
func siluGradSIMD(dst, dy, x []float32) bool     { return false }
