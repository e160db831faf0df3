package kernel

import "math"

// SoftmaxRow is
//
//	m := Max(x)
//	for i := range dst { dst[i] = e^(x[i]-m) / sum_j e^(x[j]-m) }
//
// The sum is taken in float64. Any NaN, an element of +Inf, or nothing but
// -Inf makes the whole row NaN, as in TensorFlow.
func SoftmaxRow[T Float](dst, x []T) {
	x = x[:len(dst)]
	scale := T(1 / shiftedExp(dst, x, Max(x)))
	MulScalar(dst, dst, scale)
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
	m := Max(x)
	if math.IsInf(float64(m), 0) {
		return m
	}
	return T(float64(m) + math.Log(sumShiftedExp(x, float64(m))))
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

// LogSoftmaxRow is
//
//	m := Max(x)
//	for i := range dst { dst[i] = (x[i]-m) - ln sum_j e^(x[j]-m) }
//
// with the special cases of SoftmaxRow.
func LogSoftmaxRow[T Float](dst, x []T) {
	x = x[:len(dst)]
	m := float64(Max(x))
	lse := math.Log(sumShiftedExp(x, m))
	for i, v := range x {
		dst[i] = T((float64(v) - m) - lse)
	}
}

// SparseXentRow writes the softmax of the logits to probs and returns the
// cross-entropy with the integer label,
//
//	ln sum_j e^(logits[j]-m) - (logits[label]-m), m = Max(logits)
//
// which is stable for any magnitude. probs may be logits. A label outside
// [0, len(logits)) gives NaN as the loss, as in TensorFlow on a GPU; check
// labels before where an error is wanted.
func SparseXentRow[T Float](probs, logits []T, label int) T {
	logits = logits[:len(probs)]
	m := Max(logits)
	picked := math.NaN()
	if uint(label) < uint(len(logits)) {
		picked = float64(logits[label]) - float64(m)
	}
	sum := shiftedExp(probs, logits, m)
	MulScalar(probs, probs, T(1/sum))
	return T(math.Log(sum) - picked)
}
