package kernel

import "unsafe"

// After is what a layer does to the elements of its product when they are final, without
// another walk over them: first a bias is added, then they are rectified, then they are
// handed over. Its zero value does nothing.
type After[T float32 | float64] struct {
	Bias []T // unless it is nil, Bias[j] is added to column j

	// Rectify says that what is 0 or less becomes 0, and what is Most or more becomes
	// Most: ReLU where that is +Inf, ReLU6 where it is 6. NaN stays NaN, -0 becomes 0.
	Rectify bool
	Most    T // positive

	Finish Finisher[T] // called unless it is nil
}

// Finisher is given the elements of a product when they are finished, where
// that pays while they are still in the processor's cache.
type Finisher[T float32 | float64] interface {
	// Finish may change run, the finished elements from c[i*ldc+j] on: a part of
	// a row or, where rows follow each other without a gap, several whole ones. It is
	// called once for every element of c, from several goroutines at once; how c
	// is cut into pieces must not matter.
	Finish(i, j int, run []T)
}

// place tells a micro-kernel what to do with a tile from column j on, at the last piece
// of the sum.
func (a *After[T]) place(t *microTile, j int, last bool) {
	t.bias, t.rectify = nil, 0
	if !last {
		return
	}
	if a.Bias != nil {
		t.bias = unsafe.Pointer(&a.Bias[j])
	}
	if a.Rectify {
		t.rectify = 1
		*(*T)(unsafe.Pointer(&t.most)) = a.Most
	}
}

// addTo does to a row of finished sums, from column j on, what a micro-kernel does to a tile that place has seen.
func (a *After[T]) addTo(row []T, j int) {
	if a.Bias != nil {
		Add(row, row, a.Bias[j:])
	}
	a.rectify(row)
}

// rectify is what Rectify says of all elements of x.
func (a *After[T]) rectify(x []T) {
	if a.Rectify {
		HardTanh(x, x, 0, a.Most)
	}
}

// rectified is an element so.
func rectified[T Float](v, most T) T {
	if v <= 0 {
		return 0
	}
	if v >= most {
		return most
	}
	return v
}
