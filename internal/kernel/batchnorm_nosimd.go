//go:build !amd64 || noasm

package kernel

func batchNormScalesSIMD(scale, gamma, variance []float32, epsilon float64) bool {
	return false
}

func batchNormCoefsSIMD(scale, shift, mean, variance, rest, gamma, beta []float32, mu, m2 []float64, rows, epsilon float64) bool {
	return false
}

func batchNormGradCoefsSIMD(p, q, k, dgamma, dbeta, gamma, variance, rest []float32, s1, s2 []float64, rows, epsilon float64) bool {
	return false
}
