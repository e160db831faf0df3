package kernel

import "math"

// BatchNormScales is what batch normalisation multiplies a column by:
//
//	for i := range scale { scale[i] = T(float64(gamma[i]) / sqrt(float64(variance[i])+epsilon)) }
func BatchNormScales[T Float](scale, gamma, variance []T, epsilon float64) {
	gamma, variance = gamma[:len(scale)], variance[:len(scale)]
	if is32[T]() && batchNormScalesSIMD(as32(scale), as32(gamma), as32(variance), epsilon) {
		return
	}
	for i, g := range gamma {
		scale[i] = T(float64(g) / math.Sqrt(float64(variance[i])+epsilon))
	}
}

// BatchNormCoefs makes the coefs [2, cols] of BatchNorm, cols being len(mean),
// from the moments of so many rows, as ColumnDeviations gives them:
//
//	for i := range mean {
//		v := m2[i] / rows
//		mean[i], variance[i] = T(mu[i]), T(v)
//		left := mu[i] - float64(mean[i])
//		rest[i] = T(left)
//		scale := float64(gamma[i]) / sqrt(v+epsilon)
//		coefs[i], coefs[cols+i] = T(scale), T(float64(beta[i]) - left*scale)
//	}
//
// So what rounding the mean loses is in the coefs and, for the gradient, in rest.
func BatchNormCoefs[T Float](coefs, mean, variance, rest, gamma, beta []T, mu, m2 []float64, rows int, epsilon float64) {
	cols := len(mean)
	scales, shifts := coefs[:cols], coefs[cols:2*cols]
	variance, rest, gamma, beta, mu, m2 = variance[:cols], rest[:cols], gamma[:cols], beta[:cols], mu[:cols], m2[:cols]
	if is32[T]() && batchNormCoefsSIMD(as32(scales), as32(shifts), as32(mean), as32(variance), as32(rest), as32(gamma), as32(beta), mu, m2, float64(rows), epsilon) {
		return
	}
	for i := range mean {
		v := m2[i] / float64(rows)
		mean[i] = T(mu[i])
		variance[i] = T(v)
		left := mu[i] - float64(mean[i])
		rest[i] = T(left)
		scale := float64(gamma[i]) / math.Sqrt(v+epsilon)
		scales[i] = T(scale)
		shifts[i] = T(float64(beta[i]) - left*scale)
	}
}

// BatchNormGradCoefs makes the coefs [3, cols] of BatchNormGrad, cols being
// len(dgamma), and the gradients of gamma and beta, from s1 and s2, which are the
// sums of so many rows that ColumnProducts gives, and the results of
// BatchNormCoefs:
//
//	for i := range dgamma {
//		inv := 1 / sqrt(float64(variance[i])+epsilon)
//		dg := (s2[i] - float64(rest[i])*s1[i]) * inv
//		dgamma[i], dbeta[i] = T(dg), T(s1[i])
//		p := float64(gamma[i]) * inv
//		q := -p * inv * dg / rows
//		coefs[i], coefs[cols+i], coefs[2*cols+i] = T(p), T(q), T(-p*s1[i]/rows - q*float64(rest[i]))
//	}
func BatchNormGradCoefs[T Float](coefs, dgamma, dbeta, gamma, variance, rest []T, s1, s2 []float64, rows int, epsilon float64) {
	cols := len(dgamma)
	ps, qs, ks := coefs[:cols], coefs[cols:2*cols], coefs[2*cols:3*cols]
	dbeta, gamma, variance, rest, s1, s2 = dbeta[:cols], gamma[:cols], variance[:cols], rest[:cols], s1[:cols], s2[:cols]
	if is32[T]() && batchNormGradCoefsSIMD(as32(ps), as32(qs), as32(ks), as32(dgamma), as32(dbeta), as32(gamma), as32(variance), as32(rest), s1, s2, float64(rows), epsilon) {
		return
	}
	n := float64(rows)
	for i := range dgamma {
		inv := 1 / math.Sqrt(float64(variance[i])+epsilon)
		left := float64(rest[i])
		dg := (s2[i] - left*s1[i]) * inv
		dgamma[i] = T(dg)
		dbeta[i] = T(s1[i])
		p := float64(gamma[i]) * inv
		q := -p * inv * dg / n
		ps[i] = T(p)
		qs[i] = T(q)
		ks[i] = T(-p*s1[i]/n - q*left)
	}
}
