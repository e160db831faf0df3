package kernel

import "math"

// Max returns the greatest element, NaN if any is NaN, -Inf for an empty slice.
func Max[T Float](x []T) T {
	if len(x) > longRun {
		return max(Max(x[:longRun]), Max(x[longRun:]))
	}
	if is32[T]() {
		if m, done := maxSIMD(as32(x)); done {
			return T(m)
		}
	}
	m0 := T(math.Inf(-1))
	m1, m2, m3 := m0, m0, m0 // lanes, because each step waits for the one before it
	for ; len(x) >= 4; x = x[4:] {
		m0, m1, m2, m3 = max(m0, x[0]), max(m1, x[1]), max(m2, x[2]), max(m3, x[3])
	}
	for _, v := range x {
		m0 = max(m0, v)
	}
	return max(m0, m1, m2, m3)
}

// Min returns the least element, NaN if any is NaN, +Inf for an empty slice.
func Min[T Float](x []T) T {
	if len(x) > longRun {
		return min(Min(x[:longRun]), Min(x[longRun:]))
	}
	if is32[T]() {
		if m, done := minSIMD(as32(x)); done {
			return T(m)
		}
	}
	m0 := T(math.Inf(1))
	m1, m2, m3 := m0, m0, m0 // lanes, because each step waits for the one before it
	for ; len(x) >= 4; x = x[4:] {
		m0, m1, m2, m3 = min(m0, x[0]), min(m1, x[1]), min(m2, x[2]), min(m3, x[3])
	}
	for _, v := range x {
		m0 = min(m0, v)
	}
	return min(m0, m1, m2, m3)
}

// ArgMax returns the index of the first greatest element, that of the first
// NaN if there is one, -1 for an empty slice.
func ArgMax[T Float](x []T) int {
	m := Max(x)
	for i, v := range x {
		if v == m || v != v {
			return i
		}
	}
	return -1
}
