package kernel

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
	for i, v := range a {
		dst[i] = v / b[i]
	}
}

// AddScalar is
//
//	for i := range dst { dst[i] = x[i] + s }
func AddScalar[T Float](dst, x []T, s T) {
	x = x[:len(dst)]
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
	i := 0
	for ; i+4 <= len(dst); i += 4 {
		d, p := dst[i:i+4:i+4], x[i:i+4:i+4]
		d[0], d[1], d[2], d[3] = p[0]*s, p[1]*s, p[2]*s, p[3]*s
	}
	for ; i < len(dst); i++ {
		dst[i] = x[i] * s
	}
}

// Axpy is
//
//	for i := range dst { dst[i] += alpha * x[i] }
func Axpy[T Float](dst []T, alpha T, x []T) {
	x = x[:len(dst)]
	i := 0
	for ; i+4 <= len(dst); i += 4 {
		d, p := dst[i:i+4:i+4], x[i:i+4:i+4]
		d[0] += alpha * p[0]
		d[1] += alpha * p[1]
		d[2] += alpha * p[2]
		d[3] += alpha * p[3]
	}
	for ; i < len(dst); i++ {
		dst[i] += alpha * x[i]
	}
}

// Fill is
//
//	for i := range dst { dst[i] = v }
func Fill[T Float](dst []T, v T) {
	for i := range dst {
		dst[i] = v
	}
}
