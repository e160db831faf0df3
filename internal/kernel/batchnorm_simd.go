//go:build amd64 && !noasm

package kernel

// batchNormScalesSIMD is BatchNormScales where the processor has vectors; it reports whether
// it was done. So do the others here.
func batchNormScalesSIMD(scale, gamma, variance []float32, epsilon float64) bool {
	switch active {
	case AVX512:
		batchNormScalesAVX512(first(scale), first(gamma), first(variance), epsilon, len(scale))
	case AVX2:
		batchNormScalesAVX2(first(scale), first(gamma), first(variance), epsilon, len(scale))
	default:
		return false
	}
	return true
}

func batchNormCoefsSIMD(scale, shift, mean, variance, rest, gamma, beta []float32, mu, m2 []float64, rows, epsilon float64) bool {
	switch active {
	case AVX512:
		batchNormCoefsAVX512(first(scale), first(shift), first(mean), first(variance), first(rest), first(gamma), first(beta), first(mu), first(m2), rows, epsilon, len(scale))
	case AVX2:
		batchNormCoefsAVX2(first(scale), first(shift), first(mean), first(variance), first(rest), first(gamma), first(beta), first(mu), first(m2), rows, epsilon, len(scale))
	default:
		return false
	}
	return true
}

func batchNormGradCoefsSIMD(p, q, k, dgamma, dbeta, gamma, variance, rest []float32, s1, s2 []float64, rows, epsilon float64) bool {
	switch active {
	case AVX512:
		batchNormGradCoefsAVX512(first(p), first(q), first(k), first(dgamma), first(dbeta), first(gamma), first(variance), first(rest), first(s1), first(s2), -rows, epsilon, len(p))
	case AVX2:
		batchNormGradCoefsAVX2(first(p), first(q), first(k), first(dgamma), first(dbeta), first(gamma), first(variance), first(rest), first(s1), first(s2), -rows, epsilon, len(p))
	default:
		return false
	}
	return true
}
