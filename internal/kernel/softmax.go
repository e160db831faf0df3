package kernel

import "math"

// Softmax is, for row-major dst and x of shape [len(top), cols],
//
//	for r := range top {
//		top[r] = max over c of x[r*cols+c]
//		sum[r] = sum over c of e^(x[r*cols+c]-top[r])
//		for c := range cols { dst[r*cols+c] = e^(x[r*cols+c]-top[r]) / sum[r] }
//	}
//
// The sum is taken in float64. With vectors x-top is rounded to float32, so that
// a probability p is good to 4 + |ln p| ulps. Any NaN, an element of +Inf, or nothing but
// -Inf makes the whole row of dst and its sum NaN, as in TensorFlow; top is
// then any value. dst may be x. A row's bits do not depend on the other rows.
func Softmax[T Float](dst, x, top []T, sum []float64, cols int) {
	rows := len(top)
	dst, x, sum = dst[:rows*cols], x[:rows*cols], sum[:rows]
	if cols > 0 && is32[T]() && softmaxSIMD(as32(dst), as32(x), as32(top), sum, cols) {
		return
	}
	for r := range top {
		at := r * cols
		d, row := dst[at:at+cols], x[at:at+cols]
		top[r] = Max(row)
		sum[r] = shiftedExp(d, row, top[r])
		MulScalar(d, d, T(1/sum[r]))
	}
}

// rowsAtOnce is how many rows are worth a call of the vector kernels; what is
// kept of them stays on the stack.
const rowsAtOnce = 64

// SoftmaxRows is Softmax without its statistics.
func SoftmaxRows[T Float](dst, x []T, rows, cols int) {
	var top [rowsAtOnce]T
	var sum [rowsAtOnce]float64
	for r := 0; r < rows; r += rowsAtOnce {
		n := min(rowsAtOnce, rows-r)
		Softmax(dst[r*cols:], x[r*cols:], top[:n], sum[:n], cols)
	}
}

// shiftedExp sets dst[i] = e^(x[i]-m) and returns the sum.
func shiftedExp[T Float](dst, x []T, m T) float64 {
	if is32[T]() {
		return shiftedExp32(as32(dst), as32(x), float64(m))
	}
	sum := 0.0
	for i, v := range x {
		e := math.Exp(float64(v - m))
		sum += e
		dst[i] = T(e)
	}
	return sum
}

func shiftedExp32(dst, x []float32, m float64) float64 {
	x = x[:len(dst)]
	sum := 0.0
	for i, v := range x {
		e := exp64(clamp128(float64(v) - m))
		sum += e
		dst[i] = float32(e)
	}
	return sum
}

// LogSumExp returns ln sum_i e^x[i], stable for any magnitude of x; the sum is
// taken in float64. It is -Inf for an empty slice.
func LogSumExp[T Float](x []T) T {
	var top [1]T
	var sum [1]float64
	expSums(x, top[:], sum[:], len(x))
	if m := top[0]; math.IsInf(float64(m), 0) {
		return Max(x)
	}
	return T(float64(top[0]) + math.Log(sum[0]))
}

// expSums is Softmax without dst.
func expSums[T Float](x, top []T, sum []float64, cols int) {
	if cols > 0 && is32[T]() && expSumsSIMD(as32(x), as32(top), sum, cols) {
		return
	}
	for r := range top {
		row := x[r*cols : (r+1)*cols]
		top[r] = Max(row)
		sum[r] = sumShiftedExp(row, float64(top[r]))
	}
}

// sumShiftedExp returns the sum of e^(x[i]-m).
func sumShiftedExp[T Float](x []T, m float64) float64 {
	sum := 0.0
	if is32[T]() {
		for _, v := range as32(x) {
			sum += exp64(clamp128(float64(v) - m))
		}
		return sum
	}
	for _, v := range x {
		sum += math.Exp(float64(v) - m)
	}
	return sum
}

// LogSoftmaxRows is, for row-major dst and x of shape [rows, cols],
//
//	for r := range rows {
//		m := max over c of x[r*cols+c]
//		s := sum over c of e^(x[r*cols+c]-m)
//		for c := range cols { dst[r*cols+c] = (x[r*cols+c]-m) - ln s }
//	}
//
// with the special cases of Softmax. dst may be x.
func LogSoftmaxRows[T Float](dst, x []T, rows, cols int) {
	var top, log [rowsAtOnce]T
	var sum [rowsAtOnce]float64
	dst, x = dst[:rows*cols], x[:rows*cols]
	for r := 0; r < rows; r += rowsAtOnce {
		n := min(rowsAtOnce, rows-r)
		d, x := dst[r*cols:(r+n)*cols], x[r*cols:(r+n)*cols]
		expSums(x, top[:n], sum[:n], cols)
		for i, s := range sum[:n] {
			sum[i] = logOfSum[T](s)
			log[i] = T(sum[i])
		}
		if is32[T]() && logSoftmaxSIMD(as32(d), as32(x), as32(top[:n]), as32(log[:n]), cols) {
			continue
		}
		for i := range n {
			m, lse := float64(top[i]), sum[i]
			row := d[i*cols : (i+1)*cols]
			for j, v := range x[i*cols : (i+1)*cols] {
				row[j] = T((float64(v) - m) - lse)
			}
		}
	}
}

// SparseXent is the softmax of each row of logits [len(loss), classes] and its
// cross-entropy with an integer label:
//
//	for r := range loss {
//		x := logits[r*classes : (r+1)*classes]
//		m := max over c of x[c]
//		s := sum over c of e^(x[c]-m)
//		for c := range classes { probs[r*classes+c] = e^(x[c]-m) / s }
//		loss[r] = ln s - (x[labels[r]]-m)
//	}
//
// which is stable for any magnitude. probs may be logits. A label outside
// [0, classes) gives NaN as the loss, as in TensorFlow on a GPU; check labels
// before where an error is wanted.
func SparseXent[T Float, L int | int32 | int64](loss, probs, logits []T, labels []L, classes int) {
	var top [rowsAtOnce]T
	var picked, sum [rowsAtOnce]float64
	labels = labels[:len(loss)]
	for r := 0; r < len(loss); r += rowsAtOnce {
		n := min(rowsAtOnce, len(loss)-r)
		at := r * classes
		for i, k := range labels[r : r+n] { // before probs replaces the logits
			picked[i] = math.NaN()
			if 0 <= k && int64(k) < int64(classes) {
				picked[i] = float64(logits[at+i*classes+int(k)])
			}
		}
		Softmax(probs[at:], logits[at:], top[:n], sum[:n], classes)
		for i := range n {
			loss[r+i] = T(logOfSum[T](sum[i]) - (picked[i] - float64(top[i])))
		}
	}
}

// logOfSum is ln s for a sum of exponentials of which the greatest is 1, good to
// 2^-28 for float32, which is added to numbers that are not of the other sign.
func logOfSum[T Float](s float64) float64 {
	if is32[T]() && s >= 1 && s <= math.MaxFloat32 { // not NaN
		return log64(s)
	}
	return math.Log(s)
}
