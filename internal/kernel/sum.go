package kernel

// sumBlock is the length that is summed in eight lanes without further
// splitting.
const sumBlock = 256

// Sum returns x[0] + x[1] + ..., 0 for an empty slice. The error is O(log n) ulps
// of the sum of |x[i]|: it adds pairwise over blocks, or, with vectors, the
// blocks in float64. The order, and so the result, depends on the length alone.
func Sum[T Float](x []T) T {
	if len(x) > longRun {
		half := pairwiseHalf(len(x))
		return Sum(x[:half]) + Sum(x[half:])
	}
	if is32[T]() {
		if s, done := sumSIMD(as32(x)); done {
			return T(s)
		}
	}
	return pairwiseSum(x)
}

func pairwiseSum[T Float](x []T) T {
	if len(x) > sumBlock {
		half := pairwiseHalf(len(x))
		return pairwiseSum(x[:half]) + pairwiseSum(x[half:])
	}
	var s0, s1, s2, s3, s4, s5, s6, s7 T
	for len(x) >= 8 {
		s0 += x[0]
		s1 += x[1]
		s2 += x[2]
		s3 += x[3]
		s4 += x[4]
		s5 += x[5]
		s6 += x[6]
		s7 += x[7]
		x = x[8:]
	}
	var rest T
	for _, v := range x {
		rest += v
	}
	return ((s0 + s4) + (s1 + s5)) + ((s2 + s6) + (s3 + s7)) + rest
}

// SumSquares returns x[0]^2 + x[1]^2 + ..., summed as in Sum.
func SumSquares[T Float](x []T) T { return Dot(x, x) }

// Dot returns a[0]*b[0] + a[1]*b[1] + ... over the length of a, summed as in Sum.
func Dot[T Float](a, b []T) T {
	b = b[:len(a)]
	if len(a) > longRun {
		half := pairwiseHalf(len(a))
		return Dot(a[:half], b[:half]) + Dot(a[half:], b[half:])
	}
	if is32[T]() {
		if s, done := dotSIMD(as32(a), as32(b)); done {
			return T(s)
		}
	}
	return pairwiseDot(a, b)
}

func pairwiseDot[T Float](a, b []T) T {
	b = b[:len(a)]
	if len(a) > sumBlock {
		half := pairwiseHalf(len(a))
		return pairwiseDot(a[:half], b[:half]) + pairwiseDot(a[half:], b[half:])
	}
	var s0, s1, s2, s3, s4, s5, s6, s7 T
	for len(a) >= 8 && len(b) >= 8 {
		s0 += a[0] * b[0]
		s1 += a[1] * b[1]
		s2 += a[2] * b[2]
		s3 += a[3] * b[3]
		s4 += a[4] * b[4]
		s5 += a[5] * b[5]
		s6 += a[6] * b[6]
		s7 += a[7] * b[7]
		a, b = a[8:], b[8:]
	}
	var rest T
	for i, v := range a {
		rest += v * b[i]
	}
	return ((s0 + s4) + (s1 + s5)) + ((s2 + s6) + (s3 + s7)) + rest
}

// pairwiseHalf splits n > sumBlock near its middle at a multiple of sumBlock.
func pairwiseHalf(n int) int {
	return (n/2 + sumBlock - 1) / sumBlock * sumBlock
}
