//go:build !amd64 || noasm

package kernel

func addSIMD(dst, a, b []float32) bool { return false }
func mulSIMD(dst, a, b []float32) bool { return false }
