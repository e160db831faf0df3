//go:build !amd64 || noasm

package kernel

func columnSumsSIMD(dst, x []float32, rows, stride int) bool                       { return false }
func sectionDeviationsSIMD(mean, m2 []float64, x []float32, rows, stride int) bool { return false }
func columnProductsSIMD(s, p []float64, dy, x, mean []float32, rows, stride int) bool {
	return false
}
func batchNormSIMD(y, x, mean, coefs []float32, rows int) bool          { return false }
func batchNormGradSIMD(dx, dy, x, mean, coefs []float32, rows int) bool { return false }
func scaleColumnsSIMD(y, x, scale []float32, rows int) bool             { return false }
