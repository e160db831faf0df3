//go:build !amd64 || noasm

package kernel

func dotWindowsSIMD(y, x, weights, bias []float32, d dots) bool { return false }
func sumWindowsSIMD(weights, x, y []float32, d dots) bool       { return false }
