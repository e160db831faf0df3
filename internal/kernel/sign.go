package kernel

import "math"

// Sign is
//
//	for i := range dst { dst[i] = -1 where x[i] < 0, 1 where x[i] > 0, x[i] elsewhere }
//
// A branch would be mispredicted half of the time: two products make even the
// smallest number greater than 1.
func Sign[T Float](dst, x []T) {
	huge := float64(math.MaxFloat64)
	if is32[T]() {
		huge = math.MaxFloat32
	}
	MulScalar(dst, x[:len(dst)], T(huge))
	MulScalar(dst, dst, T(huge))
	Clip(dst, dst, -1, 1)
}
