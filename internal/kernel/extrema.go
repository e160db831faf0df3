package kernel

import "math"

// Max returns the greatest element, NaN if any is NaN, -Inf for an empty slice.
func Max[T Float](x []T) T {
	m := T(math.Inf(-1))
	for _, v := range x {
		if v > m {
			m = v
		} else if v != v {
			return v
		}
	}
	return m
}

// Min returns the least element, NaN if any is NaN, +Inf for an empty slice.
func Min[T Float](x []T) T {
	m := T(math.Inf(1))
	for _, v := range x {
		if v < m {
			m = v
		} else if v != v {
			return v
		}
	}
	return m
}

// ArgMax returns the index of the first greatest element, that of the first
// NaN if there is one, -1 for an empty slice.
func ArgMax[T Float](x []T) int {
	best := -1
	m := T(math.Inf(-1))
	for i, v := range x {
		if v > m || best < 0 {
			m, best = v, i
		}
		if v != v {
			return i
		}
	}
	return best
}
