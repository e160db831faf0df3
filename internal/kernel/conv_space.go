package kernel

import (
	"sync"
	"unsafe"
)

// convSpace is what one goroutine needs for a task.
type convSpace[T float32 | float64] struct {
	tile    microTile
	windows []T // copied from images
	a       []T // rows of a tile, where they crowd the cache
	rows    []T // of y's gradient, in panels
}

// grown returns x or, where that is shorter than n, a longer slice.
func grown[T Float](x []T, n int) []T {
	if len(x) < n {
		return aligned[T](n+n/8, 64)
	}
	return x
}

// copyA copies the rows of a tile so that they do not crowd the cache, and without the
// jumps between their runs.
func (w *convSpace[T]) copyA(a []T, lda int) {
	t := &w.tile
	size := int(unsafe.Sizeof(*new(T)))
	row := t.k + 64/size
	w.a = grown(w.a, t.rows*row)
	for r := 0; r < t.rows; r++ {
		from, run := r*lda, t.k
		if t.first > 0 {
			run = t.first
		}
		for l := 0; l < t.k; {
			copy(w.a[r*row+l:][:run], a[from:])
			from += run + t.jump/size
			l += run
			run = min(t.run, t.k-l)
		}
	}
	t.a, t.aRow, t.aColumn, t.first = unsafe.Pointer(&w.a[0]), row*size, size, 0
}

var (
	convSpaces32 = sync.Pool{New: func() any { return new(convSpace[float32]) }}
	convSpaces64 = sync.Pool{New: func() any { return new(convSpace[float64]) }}
)

func takeConvSpace[T float32 | float64]() *convSpace[T] {
	if is32[T]() {
		return convSpaces32.Get().(*convSpace[T])
	}
	return convSpaces64.Get().(*convSpace[T])
}

func (w *convSpace[T]) release() {
	w.tile = microTile{}
	if is32[T]() {
		convSpaces32.Put(w)
	} else {
		convSpaces64.Put(w)
	}
}
