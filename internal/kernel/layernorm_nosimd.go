//go:build !amd64 || noasm

package kernel

func wideSumSIMD(x []float32) (float64, bool)                     { return 0, false }
func squaresFromSIMD(x []float32, center float64) (float64, bool) { return 0, false }

func layerNormSIMD(y, x, gamma, beta []float32, mean, inv float64) bool { return false }

func layerNormSumsSIMD(dgamma, dbeta []float64, dy, x, gamma []float32, mean, inv float64) (s1, s2 float64, done bool) {
	return 0, 0, false
}

func layerNormGradSIMD(dx, dy, x, gamma []float32, mean, inv, m1, m2 float64) bool { return false }
