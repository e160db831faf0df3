package kernel

// dots are windows whose elements are multiplied by weights: convolutions of channels by
// themselves. Where a window begins in x, its first element meets the weights at weight;
// the results lie apart.
type dots struct {
	Windows
	apart                        int // from one result to the next
	weight, weightRow, weightCol int // place of the first, distances, which may be negative
}

// dotWindows sets y to the sums of products of windows and weights, plus a bias unless it
// is nil:
//
//	y[j*d.apart+c] = (sum over k, l of x[j*d.Step+k*d.RowStep+l*d.ColStep+c] *
//		weights[d.weight+k*d.weightRow+l*d.weightCol+c]) + bias[c]
//
// The sum is taken in this order; the vector forms fuse each product with its addition.
func dotWindows[T Float](y, x, weights, bias []T, d dots) {
	if d.Count <= 0 || d.Channels <= 0 {
		return
	}
	_ = y[(d.Count-1)*d.apart+d.Channels-1]
	if bias != nil {
		bias = bias[:d.Channels]
	}
	if d.empty() {
		for j := range d.Count {
			if out := y[j*d.apart:][:d.Channels]; bias == nil {
				clear(out)
			} else {
				copy(out, bias)
			}
		}
		return
	}
	farthest := d.weight + (d.Rows-1)*d.weightRow + (d.Cols-1)*d.weightCol
	_, _, _ = x[d.last()-1], weights[min(d.weight, farthest):], weights[max(d.weight, farthest)+d.Channels-1]
	if is32[T]() && dotWindowsSIMD(as32(y), as32(x), as32(weights), as32(bias), d) {
		return
	}
	for j := range d.Count {
		out := y[j*d.apart:][:d.Channels]
		clear(out)
		for k := range d.Rows {
			for l := range d.Cols {
				mulAdd(out, x[j*d.Step+k*d.RowStep+l*d.ColStep:], weights[d.weight+k*d.weightRow+l*d.weightCol:])
			}
		}
		for c, b := range bias {
			out[c] += b
		}
	}
}

// sumWindows adds to the sums of d.Cols taps side by side, those of weights from
// d.weight on, the products of the windows, of one row, with the vectors of y:
//
//	weights[d.weight+l*d.weightCol+c] += x[j*d.Step+l*d.ColStep+c] * y[j*d.apart+c] for each j in order
func sumWindows[T Float](weights, x, y []T, d dots) {
	if d.Rows = 1; d.empty() {
		return
	}
	_, _, _ = y[(d.Count-1)*d.apart+d.Channels-1], x[d.last()-1], weights[d.weight+(d.Cols-1)*d.weightCol+d.Channels-1]
	if is32[T]() && sumWindowsSIMD(as32(weights), as32(x), as32(y), d) {
		return
	}
	for l := range d.Cols {
		sum := weights[d.weight+l*d.weightCol:][:d.Channels]
		for j := range d.Count {
			mulAdd(sum, x[j*d.Step+l*d.ColStep:], y[j*d.apart:])
		}
	}
}

// mulAdd is dst[i] += a[i] * b[i].
func mulAdd[T Float](dst, a, b []T) {
	a, b = a[:len(dst)], b[:len(dst)]
	i := 0
	for ; i+4 <= len(dst); i += 4 {
		d, x, y := dst[i:i+4:i+4], a[i:i+4:i+4], b[i:i+4:i+4]
		d[0] += T(x[0] * y[0])
		d[1] += T(x[1] * y[1])
		d[2] += T(x[2] * y[2])
		d[3] += T(x[3] * y[3])
	}
	for ; i < len(dst); i++ {
		dst[i] += T(a[i] * b[i])
	}
}
