package kernel

// Columns are worked on in strips of stripCols, each over blocks of stripRows
// rows: a strip's accumulators stay on the stack, and a block in the L1 cache.
const (
	stripCols = 64
	stripRows = 64
)

// ColumnSums is, for the columns [lo, hi) of a row-major x of shape [rows, cols],
//
//	for c := lo; c < hi; c++ { dst[c] = sum over r of x[r*cols+c] }
//
// Blocks of 64 rows are summed in T, up to 1024 blocks in float64, and these,
// rounded, in float64 again. The result does not depend on how columns are split.
func ColumnSums[T Float](dst, x []T, rows, cols, lo, hi int) {
	const most = 1024 * stripRows
	if rows <= most {
		columnSums(dst, x, rows, cols, lo, hi)
		return
	}
	var total [stripCols]float64
	for c := lo; c < hi; c += stripCols {
		n := min(stripCols, hi-c)
		clear(total[:n])
		for r := 0; r < rows; r += most {
			columnSums(dst, x[r*cols:], min(most, rows-r), cols, c, c+n)
			for i, v := range dst[c : c+n] {
				total[i] += float64(v)
			}
		}
		for i, v := range total[:n] {
			dst[c+i] = T(v)
		}
	}
}

// columnSums is ColumnSums of few rows.
func columnSums[T Float](dst, x []T, rows, cols, lo, hi int) {
	if is32[T]() && rows > 0 && active != Portable {
		for wide := max(stripCols, longRun/rows); lo < hi; lo += wide {
			end := min(lo+wide, hi)
			columnSumsSIMD(as32(dst[lo:end]), as32(x[lo:(rows-1)*cols+end]), rows, cols)
		}
		return
	}
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
