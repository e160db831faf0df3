package kernel

import "math"

// Moments are taken about a center that is near the mean, so that a large mean
// costs no accuracy: the mean of the first centerRows rows of a section. A
// section has at most sectionRows rows; even where its other rows are far away
// from those first ones, rounding is magnified by sectionRows/centerRows at most.
// Sections are merged as Chan, Golub and LeVeque (1983) do, in float64.
const (
	sectionRows = 512
	centerRows  = 16
)

// ColumnMoments is, for the columns [lo, hi) of a row-major x of shape [rows, cols],
//
//	for c := lo; c < hi; c++ {
//		mean[c] = sum over r of x[r*cols+c] / rows
//		variance[c] = sum over r of (x[r*cols+c] - mean[c])^2 / rows
//	}
//
// the biased variance. A large mean costs no accuracy. No rows give NaN. The
// result does not depend on how columns are split.
func ColumnMoments[T Float](mean, variance, x []T, rows, cols, lo, hi int) {
	var mu, m2 [stripCols]float64
	for c := lo; c < hi; c += stripCols {
		n := min(stripCols, hi-c)
		ColumnDeviations(mu[:n], m2[:n], x[min(c, len(x)):], rows, cols)
		for i := range n {
			if rows == 0 {
				mu[i] = math.NaN()
			}
			mean[c+i] = T(mu[i])
			variance[c+i] = T(m2[i] / float64(rows))
		}
	}
}

// ColumnDeviations is, for the first len(mean) columns of a row-major x whose
// rows are stride elements apart,
//
//	for c := range mean {
//		mean[c] = sum over r of x[r*stride+c] / rows
//		m2[c] = sum over r of (x[r*stride+c] - mean[c])^2
//	}
//
// with the accuracy of ColumnMoments, and 0 for no rows. A column's result does
// not depend on the columns beside it.
func ColumnDeviations[T Float](mean, m2 []float64, x []T, rows, stride int) {
	m2 = m2[:len(mean)]
	if rows == 0 {
		clear(mean)
		clear(m2)
		return
	}
	sectionDeviations(mean, m2, x, min(rows, sectionRows), stride)
	var mu, dev [stripCols]float64
	for r := sectionRows; r < rows; r += sectionRows {
		n := min(sectionRows, rows-r)
		for c := 0; c < len(mean); c += stripCols {
			k := min(stripCols, len(mean)-c)
			sectionDeviations(mu[:k], dev[:k], x[r*stride+c:], n, stride)
			MergeDeviations(mean[c:c+k], m2[c:c+k], mu[:k], dev[:k], r, n)
		}
	}
}

// MergeDeviations puts the moments of n more rows into those of the rows before,
// all as ColumnDeviations gives them:
//
//	for c := range mean {
//		delta := mean2[c] - mean[c]
//		mean[c] += delta * n / (before+n)
//		m2[c] += m22[c] + delta*delta * before*n / (before+n)
//	}
func MergeDeviations(mean, m2, meanN, m2N []float64, before, n int) {
	m2, meanN, m2N = m2[:len(mean)], meanN[:len(mean)], m2N[:len(mean)]
	share := float64(n) / float64(before+n)
	weight := share * float64(before)
	for i, mu := range mean {
		delta := meanN[i] - mu
		mean[i] = mu + delta*share
		m2[i] += m2N[i] + delta*delta*weight
	}
}

// sectionDeviations is ColumnDeviations of 1 to sectionRows rows.
func sectionDeviations[T Float](mean, m2 []float64, x []T, rows, stride int) {
	if len(mean) == 0 {
		return
	}
	x = x[:(rows-1)*stride+len(mean)]
	if is32[T]() && sectionDeviationsSIMD(mean, m2, as32(x), rows, stride) {
		return
	}
	var center, s, q [stripCols]T
	inv := 1 / float64(rows)
	few := min(centerRows, rows)
	part := T(1 / float64(few))
	for lo := 0; lo < len(mean); lo += stripCols {
		n := min(stripCols, len(mean)-lo)
		mu, dev := mean[lo:lo+n], m2[lo:lo+n]
		clear(center[:n])
		for r := range few {
			for i, v := range x[r*stride+lo:][:n] {
				center[i] += v * part // multiplied first: the sum of large elements might overflow
			}
		}
		clear(mu)
		clear(dev)
		for r := 0; r < rows; r += stripRows {
			blockDeviations(s[:n], q[:n], center[:n], x, min(stripRows, rows-r), r*stride+lo, stride)
			for i := range mu {
				mu[i] += float64(s[i])
				dev[i] += float64(q[i])
			}
		}
		for i, k := range center[:n] {
			d := mu[i] * inv
			dev[i] -= d * mu[i]
			mu[i] = float64(k) + d
			if dev[i] < 0 { // rounding; NaN stays
				dev[i] = 0
			}
		}
	}
}

// blockDeviations sets s[i] and q[i] to the sums over r of d and d^2, where
// d = x[at+r*stride+i] - center[i].
func blockDeviations[T Float](s, q, center, x []T, rows, at, stride int) {
	n := len(s)
	q, center = q[:n], center[:n]
	clear(s)
	clear(q)
	r := 0
	for ; r+4 <= rows; r += 4 {
		r0 := x[at:][:n]
		r1 := x[at+stride:][:n]
		r2 := x[at+2*stride:][:n]
		r3 := x[at+3*stride:][:n]
		for i, k := range center {
			d0, d1, d2, d3 := r0[i]-k, r1[i]-k, r2[i]-k, r3[i]-k
			s[i] += (d0 + d1) + (d2 + d3)
			q[i] += (d0*d0 + d1*d1) + (d2*d2 + d3*d3)
		}
		at += 4 * stride
	}
	for ; r < rows; r++ {
		row := x[at:][:n]
		for i, k := range center {
			d := row[i] - k
			s[i] += d
			q[i] += d * d
		}
		at += stride
	}
}

// ColumnProducts is, for the first len(mean) columns of row-major dy and x whose
// rows are stride elements apart,
//
//	for c := range mean {
//		s[c] = sum over r of dy[r*stride+c]
//		p[c] = sum over r of dy[r*stride+c] * (x[r*stride+c] - mean[c])
//	}
//
// Blocks of 64 rows are summed in T and the blocks in float64. A column's result
// does not depend on the columns beside it.
func ColumnProducts[T Float](s, p []float64, dy, x, mean []T, rows, stride int) {
	s, p = s[:len(mean)], p[:len(mean)]
	if rows > 0 && len(mean) > 0 {
		last := (rows-1)*stride + len(mean)
		dy, x = dy[:last], x[:last]
	}
	if is32[T]() && columnProductsSIMD(s, p, as32(dy), as32(x), as32(mean), rows, stride) {
		return
	}
	var a, b [stripCols]T
	clear(s)
	clear(p)
	for lo := 0; lo < len(mean); lo += stripCols {
		n := min(stripCols, len(mean)-lo)
		s, p := s[lo:lo+n], p[lo:lo+n]
		for r := 0; r < rows; r += stripRows {
			blockProducts(a[:n], b[:n], dy, x, mean[lo:lo+n], min(stripRows, rows-r), r*stride+lo, stride)
			for i := range s {
				s[i] += float64(a[i])
				p[i] += float64(b[i])
			}
		}
	}
}

// blockProducts sets a[i] and b[i] to the sums over r of dy[at+r*stride+i] and of
// its product with x[at+r*stride+i] - mean[i].
func blockProducts[T Float](a, b, dy, x, mean []T, rows, at, stride int) {
	n := len(a)
	b, mean = b[:n], mean[:n]
	clear(a)
	clear(b)
	r := 0
	for ; r+2 <= rows; r += 2 { // more rows at once would not fit the registers
		g0, x0 := dy[at:][:n], x[at:][:n]
		g1, x1 := dy[at+stride:][:n], x[at+stride:][:n]
		for i, m := range mean {
			a[i] += g0[i] + g1[i]
			b[i] += g0[i]*(x0[i]-m) + g1[i]*(x1[i]-m)
		}
		at += 2 * stride
	}
	if r < rows {
		g, row := dy[at:][:n], x[at:][:n]
		for i, m := range mean {
			a[i] += g[i]
			b[i] += g[i] * (row[i] - m)
		}
	}
}
