//go:build !amd64 || noasm

package kernel

func maxWindowsSIMD(y, x []float32, w Windows) bool                         { return false }
func maxWindowsGradSIMD(dx, dy, x, y []float32, w Windows) bool             { return false }
func meanWindowsSIMD(y, x []float32, divisor float32, w Windows) bool       { return false }
func meanWindowsGradSIMD(dx, dy []float32, divisor float32, w Windows) bool { return false }
