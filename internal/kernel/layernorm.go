package kernel

// WideSum returns x[0] + x[1] + ..., summed in float64. The order depends on the
// length alone.
func WideSum[T Float](x []T) float64 {
	if is32[T]() {
		if s, done := wideSumSIMD(as32(x)); done {
			return s
		}
	}
	var s0, s1, s2, s3 float64 // lanes, because each sum waits for the one before it
	for ; len(x) >= 4; x = x[4:] {
		s0, s1, s2, s3 = s0+float64(x[0]), s1+float64(x[1]), s2+float64(x[2]), s3+float64(x[3])
	}
	for _, v := range x {
		s0 += float64(v)
	}
	return (s0 + s1) + (s2 + s3)
}

// SquaresFrom returns (x[0]-center)^2 + (x[1]-center)^2 + ..., in float64. The
// order depends on the length alone.
func SquaresFrom[T Float](x []T, center float64) float64 {
	if is32[T]() {
		if s, done := squaresFromSIMD(as32(x), center); done {
			return s
		}
	}
	var s0, s1, s2, s3 float64
	for ; len(x) >= 4; x = x[4:] {
		d0, d1, d2, d3 := float64(x[0])-center, float64(x[1])-center, float64(x[2])-center, float64(x[3])-center
		s0, s1, s2, s3 = s0+d0*d0, s1+d1*d1, s2+d2*d2, s3+d3*d3
	}
	for _, v := range x {
		d := float64(v) - center
		s0 += d * d
	}
	return (s0 + s1) + (s2 + s3)
}

// LayerNorm normalises a row by its mean and inverse standard deviation:
//
//	for i := range y { y[i] = T((float64(x[i])-mean)*inv)*gamma[i] + beta[i] }
//
// y may be x.
func LayerNorm[T Float](y, x, gamma, beta []T, mean, inv float64) {
	x, gamma, beta = x[:len(y)], gamma[:len(y)], beta[:len(y)]
	if is32[T]() && layerNormSIMD(as32(y), as32(x), as32(gamma), as32(beta), mean, inv) {
		return
	}
	for i, v := range x {
		y[i] = T(T((float64(v)-mean)*inv)*gamma[i]) + beta[i]
	}
}

// LayerNormSums adds a row to the gradients of gamma and beta, and returns the
// two sums that the row's own gradient takes:
//
//	for i := range dgamma {
//		xhat := (float64(x[i]) - mean) * inv
//		dgamma[i] += float64(dy[i]) * xhat
//		dbeta[i] += float64(dy[i])
//		s1 += float64(dy[i]) * float64(gamma[i])
//		s2 += float64(dy[i]) * float64(gamma[i]) * xhat
//	}
func LayerNormSums[T Float](dgamma, dbeta []float64, dy, x, gamma []T, mean, inv float64) (s1, s2 float64) {
	dbeta, dy, x, gamma = dbeta[:len(dgamma)], dy[:len(dgamma)], x[:len(dgamma)], gamma[:len(dgamma)]
	if is32[T]() {
		if s1, s2, done := layerNormSumsSIMD(dgamma, dbeta, as32(dy), as32(x), as32(gamma), mean, inv); done {
			return s1, s2
		}
	}
	for i, v := range x {
		xhat := (float64(v) - mean) * inv
		d := float64(dy[i])
		dgamma[i] += d * xhat
		dbeta[i] += d
		g := d * float64(gamma[i])
		s1 += g
		s2 += g * xhat
	}
	return s1, s2
}

// LayerNormGrad is the gradient of a row of LayerNorm, m1 and m2 being the sums
// of LayerNormSums divided by their number of elements:
//
//	for i := range dx {
//		xhat := (float64(x[i]) - mean) * inv
//		dx[i] = T(inv * (float64(dy[i])*float64(gamma[i]) - m1 - xhat*m2))
//	}
//
// dx may be dy or x.
func LayerNormGrad[T Float](dx, dy, x, gamma []T, mean, inv, m1, m2 float64) {
	dy, x, gamma = dy[:len(dx)], x[:len(dx)], gamma[:len(dx)]
	if is32[T]() && layerNormGradSIMD(as32(dx), as32(dy), as32(x), as32(gamma), mean, inv, m1, m2) {
		return
	}
	for i, v := range x {
		xhat := (float64(v) - mean) * inv
		dx[i] = T(inv * (float64(dy[i])*float64(gamma[i]) - m1 - xhat*m2))
	}
}
