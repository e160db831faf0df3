//go:build !amd64 || noasm

package kernel

func sumSIMD(x []float32) (float32, bool)    { return 0, false }
func dotSIMD(a, b []float32) (float32, bool) { return 0, false }
func maxSIMD(x []float32) (float32, bool)    { return 0, false }
func minSIMD(x []float32) (float32, bool)    { return 0, false }
