package kernel

import "math"

// Add is
//
//	for i := range dst { dst[i] = a[i] + b[i] }
func Add[T Float](dst, a, b []T) {
	a, b = a[:len(dst)], b[:len(dst)]
	if is32[T]() && addSIMD(as32(dst), as32(a), as32(b)) {
		return
	}
	i := 0
	for ; i+4 <= len(dst); i += 4 {
		d, p, q := dst[i:i+4:i+4], a[i:i+4:i+4], b[i:i+4:i+4]
		d[0], d[1], d[2], d[3] = p[0]+q[0], p[1]+q[1], p[2]+q[2], p[3]+q[3]
	}
	for ; i < len(dst); i++ {
		dst[i] = a[i] + b[i]
	}
}

// Sub is
//
//	for i := range dst { dst[i] = a[i] - b[i] }
func Sub[T Float](dst, a, b []T) {
	a, b = a[:len(dst)], b[:len(dst)]
	if is32[T]() && subSIMD(as32(dst), as32(a), as32(b)) {
		return
	}
	i := 0
	for ; i+4 <= len(dst); i += 4 {
		d, p, q := dst[i:i+4:i+4], a[i:i+4:i+4], b[i:i+4:i+4]
		d[0], d[1], d[2], d[3] = p[0]-q[0], p[1]-q[1], p[2]-q[2], p[3]-q[3]
	}
	for ; i < len(dst); i++ {
		dst[i] = a[i] - b[i]
	}
}

// Mul is
//
//	for i := range dst { dst[i] = a[i] * b[i] }
func Mul[T Float](dst, a, b []T) {
	a, b = a[:len(dst)], b[:len(dst)]
	if is32[T]() && mulSIMD(as32(dst), as32(a), as32(b)) {
		return
	}
	i := 0
	for ; i+4 <= len(dst); i += 4 {
		d, p, q := dst[i:i+4:i+4], a[i:i+4:i+4], b[i:i+4:i+4]
		d[0], d[1], d[2], d[3] = p[0]*q[0], p[1]*q[1], p[2]*q[2], p[3]*q[3]
	}
	for ; i < len(dst); i++ {
		dst[i] = a[i] * b[i]
	}
}

// Div is
//
//	for i := range dst { dst[i] = a[i] / b[i] }
func Div[T Float](dst, a, b []T) {
	a, b = a[:len(dst)], b[:len(dst)]
	if is32[T]() && divSIMD(as32(dst), as32(a), as32(b)) {
		return
	}
	for i, v := range a {
		dst[i] = v / b[i]
	}
}

// AddScalar is
//
//	for i := range dst { dst[i] = x[i] + s }
func AddScalar[T Float](dst, x []T, s T) {
	x = x[:len(dst)]
	if is32[T]() && addScalarSIMD(as32(dst), as32(x), float32(s)) {
		return
	}
	i := 0
	for ; i+4 <= len(dst); i += 4 {
		d, p := dst[i:i+4:i+4], x[i:i+4:i+4]
		d[0], d[1], d[2], d[3] = p[0]+s, p[1]+s, p[2]+s, p[3]+s
	}
	for ; i < len(dst); i++ {
		dst[i] = x[i] + s
	}
}

// MulScalar is
//
//	for i := range dst { dst[i] = x[i] * s }
func MulScalar[T Float](dst, x []T, s T) {
	x = x[:len(dst)]
	if is32[T]() && mulScalarSIMD(as32(dst), as32(x), float32(s)) {
		return
	}
	i := 0
	for ; i+4 <= len(dst); i += 4 {
		d, p := dst[i:i+4:i+4], x[i:i+4:i+4]
		d[0], d[1], d[2], d[3] = p[0]*s, p[1]*s, p[2]*s, p[3]*s
	}
	for ; i < len(dst); i++ {
		dst[i] = x[i] * s
	}
}

// DivScalar is
//
//	for i := range dst { dst[i] = x[i] / s }
func DivScalar[T Float](dst, x []T, s T) {
	x = x[:len(dst)]
	if is32[T]() && divScalarSIMD(as32(dst), as32(x), float32(s)) {
		return
	}
	for i, v := range x {
		dst[i] = v / s
	}
}

// ScalarSub is
//
//	for i := range dst { dst[i] = s - x[i] }
func ScalarSub[T Float](dst []T, s T, x []T) {
	x = x[:len(dst)]
	if is32[T]() && scalarSubSIMD(as32(dst), as32(x), float32(s)) {
		return
	}
	for i, v := range x {
		dst[i] = s - v
	}
}

// ScalarDiv is
//
//	for i := range dst { dst[i] = s / x[i] }
func ScalarDiv[T Float](dst []T, s T, x []T) {
	x = x[:len(dst)]
	if is32[T]() && scalarDivSIMD(as32(dst), as32(x), float32(s)) {
		return
	}
	for i, v := range x {
		dst[i] = s / v
	}
}

// Neg is
//
//	for i := range dst { dst[i] = -x[i] }
func Neg[T Float](dst, x []T) {
	x = x[:len(dst)]
	if is32[T]() && negSIMD(as32(dst), as32(x)) {
		return
	}
	for i, v := range x {
		dst[i] = -v
	}
}

// Abs is
//
//	for i := range dst { dst[i] = |x[i]| }
func Abs[T Float](dst, x []T) {
	x = x[:len(dst)]
	if is32[T]() && absSIMD(as32(dst), as32(x)) {
		return
	}
	for i, v := range x {
		dst[i] = T(math.Abs(float64(v)))
	}
}

// Square is
//
//	for i := range dst { dst[i] = x[i] * x[i] }
func Square[T Float](dst, x []T) {
	x = x[:len(dst)]
	if is32[T]() && squareSIMD(as32(dst), as32(x)) {
		return
	}
	for i, v := range x {
		dst[i] = v * v
	}
}

// SquaredDifference is
//
//	for i := range dst { dst[i] = (a[i] - b[i]) * (a[i] - b[i]) }
func SquaredDifference[T Float](dst, a, b []T) {
	a, b = a[:len(dst)], b[:len(dst)]
	if is32[T]() && squaredDifferenceSIMD(as32(dst), as32(a), as32(b)) {
		return
	}
	for i, v := range a {
		d := v - b[i]
		dst[i] = d * d
	}
}

// Minimum is
//
//	for i := range dst { dst[i] = min(a[i], b[i]) }
//
// NaN where either is NaN; -0 is less than 0.
func Minimum[T Float](dst, a, b []T) {
	a, b = a[:len(dst)], b[:len(dst)]
	if is32[T]() && minimumSIMD(as32(dst), as32(a), as32(b)) {
		return
	}
	for i, v := range a {
		dst[i] = min(v, b[i])
	}
}

// MinimumScalar is Minimum with one number for b.
func MinimumScalar[T Float](dst, x []T, s T) {
	x = x[:len(dst)]
	if is32[T]() && minimumScalarSIMD(as32(dst), as32(x), float32(s)) {
		return
	}
	for i, v := range x {
		dst[i] = min(v, s)
	}
}

// Maximum is
//
//	for i := range dst { dst[i] = max(a[i], b[i]) }
//
// NaN where either is NaN; 0 is greater than -0.
func Maximum[T Float](dst, a, b []T) {
	a, b = a[:len(dst)], b[:len(dst)]
	if is32[T]() && maximumSIMD(as32(dst), as32(a), as32(b)) {
		return
	}
	for i, v := range a {
		dst[i] = max(v, b[i])
	}
}

// MaximumScalar is Maximum with one number for b.
func MaximumScalar[T Float](dst, x []T, s T) {
	x = x[:len(dst)]
	if is32[T]() && maximumScalarSIMD(as32(dst), as32(x), float32(s)) {
		return
	}
	for i, v := range x {
		dst[i] = max(v, s)
	}
}

// Axpy is
//
//	for i := range dst { dst[i] += T(alpha * x[i]) }
//
// The product is rounded, so the bits are the same on any processor.
func Axpy[T Float](dst []T, alpha T, x []T) {
	x = x[:len(dst)]
	if is32[T]() && axpySIMD(as32(dst), float32(alpha), as32(x)) {
		return
	}
	i := 0
	for ; i+4 <= len(dst); i += 4 {
		d, p := dst[i:i+4:i+4], x[i:i+4:i+4]
		d[0] += T(alpha * p[0])
		d[1] += T(alpha * p[1])
		d[2] += T(alpha * p[2])
		d[3] += T(alpha * p[3])
	}
	for ; i < len(dst); i++ {
		dst[i] += T(alpha * x[i])
	}
}
