package kernel

// RowSum is, for a row-major x of shape [rows, cols],
//
//	for r := range rows { dst[r] = Sum(x[r*cols : (r+1)*cols]) }
func RowSum[T Float](dst, x []T, rows, cols int) {
	for r := 0; r < rows; r++ {
		dst[r] = Sum(x[r*cols : (r+1)*cols])
	}
}

// RowMax is, for a row-major x of shape [rows, cols],
//
//	for r := range rows { dst[r] = Max(x[r*cols : (r+1)*cols]) }
func RowMax[T Float](dst, x []T, rows, cols int) {
	for r := 0; r < rows; r++ {
		dst[r] = Max(x[r*cols : (r+1)*cols])
	}
}

// RowArgMax is, for a row-major x of shape [rows, cols],
//
//	for r := range rows { dst[r] = ArgMax(x[r*cols : (r+1)*cols]) }
func RowArgMax[T Float](dst []int, x []T, rows, cols int) {
	for r := 0; r < rows; r++ {
		dst[r] = ArgMax(x[r*cols : (r+1)*cols])
	}
}

// AddRow adds a row (such as a bias) to each row of a row-major x of shape
// [rows, cols]:
//
//	for r := range rows { for c := range cols { dst[r*cols+c] = x[r*cols+c] + row[c] } }
func AddRow[T Float](dst, x, row []T, rows, cols int) {
	row = row[:cols]
	for r := 0; r < rows; r++ {
		Add(dst[r*cols:(r+1)*cols], x[r*cols:(r+1)*cols], row)
	}
}
