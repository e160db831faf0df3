package kernel

import "math"

// Columns are worked on in strips of stripCols, each over blocks of stripRows
// rows: a strip's accumulators stay on the stack, and a block in the L1 cache.
const (
	stripCols = 64
	stripRows = 64
)

// ColumnSums is, for a row-major x of shape [rows, cols],
//
//	for c := range cols { dst[c] = sum over r of x[r*cols+c] }
//
// Blocks of 64 rows are summed in T and the blocks in float64.
func ColumnSums[T Float](dst, x []T, rows, cols int) {
	ColumnSumsRange(dst, x, rows, cols, 0, cols)
}

// ColumnSumsRange is ColumnSums of the columns [lo, hi) alone: it sets
// dst[lo:hi]. The result does not depend on how columns are split.
func ColumnSumsRange[T Float](dst, x []T, rows, cols, lo, hi int) {
	var total [stripCols]float64
	var part [stripCols]T
	for c := lo; c < hi; c += stripCols {
		n := min(stripCols, hi-c)
		clear(total[:n])
		for r := 0; r < rows; r += stripRows {
			blockSums(part[:n], x, min(stripRows, rows-r), r*cols+c, cols)
			for i, v := range part[:n] {
				total[i] += float64(v)
			}
		}
		for i, v := range total[:n] {
			dst[c+i] = T(v)
		}
	}
}

// blockSums sets sum[i] to the sum over r of x[at+r*cols+i].
func blockSums[T Float](sum, x []T, rows, at, cols int) {
	clear(sum)
	r := 0
	for ; r+4 <= rows; r += 4 {
		r0 := x[at:][:len(sum)]
		r1 := x[at+cols:][:len(sum)]
		r2 := x[at+2*cols:][:len(sum)]
		r3 := x[at+3*cols:][:len(sum)]
		for i := range sum {
			sum[i] += (r0[i] + r1[i]) + (r2[i] + r3[i])
		}
		at += 4 * cols
	}
	for ; r < rows; r++ {
		row := x[at:][:len(sum)]
		for i, v := range row {
			sum[i] += v
		}
		at += cols
	}
}

// ColumnMoments is, for a row-major x of shape [rows, cols],
//
//	for c := range cols {
//		mean[c] = sum over r of x[r*cols+c] / rows
//		variance[c] = sum over r of (x[r*cols+c] - mean[c])^2 / rows
//	}
//
// the biased variance. Each block of 64 rows is taken about its own mean, and
// blocks are merged by the formula of Chan, Golub and LeVeque (1983) in
// float64, so a large mean costs no accuracy. No rows give NaN.
func ColumnMoments[T Float](mean, variance, x []T, rows, cols int) {
	ColumnMomentsRange(mean, variance, x, rows, cols, 0, cols)
}

// ColumnMomentsRange is ColumnMoments of the columns [lo, hi) alone: it sets
// mean[lo:hi] and variance[lo:hi]. The result does not depend on how columns
// are split.
func ColumnMomentsRange[T Float](mean, variance, x []T, rows, cols, lo, hi int) {
	var mu, m2 [stripCols]float64
	var center, dev, dev2 [stripCols]T
	for c := lo; c < hi; c += stripCols {
		n := min(stripCols, hi-c)
		clear(mu[:n])
		clear(m2[:n])
		for r := 0; r < rows; r += stripRows {
			nb := min(stripRows, rows-r)
			at := r*cols + c
			blockSums(center[:n], x, nb, at, cols)
			for i := range center[:n] {
				center[i] /= T(nb)
			}
			blockDeviations(dev[:n], dev2[:n], center[:n], x, nb, at, cols)
			// dev corrects for the rounding of center.
			inv := 1 / float64(nb)
			share := float64(nb) / float64(r+nb)
			for i := range center[:n] {
				d := float64(dev[i]) * inv
				delta := float64(center[i]) + d - mu[i]
				mu[i] += delta * share
				m2[i] += float64(dev2[i]) - d*float64(dev[i]) + delta*delta*share*float64(r)
			}
		}
		for i := range n {
			if rows == 0 {
				mu[i] = math.NaN()
			}
			mean[c+i] = T(mu[i])
			variance[c+i] = T(max(m2[i], 0) / float64(rows))
		}
	}
}

// blockDeviations sets dev and dev2 to the sums over r of d and d^2,
// d = x[at+r*cols+i] - center[i].
func blockDeviations[T Float](dev, dev2, center, x []T, rows, at, cols int) {
	clear(dev)
	clear(dev2)
	dev2 = dev2[:len(dev)]
	center = center[:len(dev)]
	r := 0
	for ; r+2 <= rows; r += 2 {
		r0 := x[at:][:len(dev)]
		r1 := x[at+cols:][:len(dev)]
		for i := range dev {
			d0 := r0[i] - center[i]
			d1 := r1[i] - center[i]
			dev[i] += d0 + d1
			dev2[i] += d0*d0 + d1*d1
		}
		at += 2 * cols
	}
	if r < rows {
		for i, v := range x[at:][:len(dev)] {
			d := v - center[i]
			dev[i] += d
			dev2[i] += d * d
		}
	}
}
