package kernel

import "unsafe"

// microTile is what a micro-kernel works on: a tile of c, rows x columns,
//
//	for l in range(k) { tile[i, j] += a[i*aRow + l*aColumn] * b[l*bRow + j] }
//	c[i*cRow + j] = alpha*tile[i, j] (+ c[i*cRow + j] if load) (+ bias[j] unless nil)
//	c[i*cRow + j] = min(max(c[i*cRow + j], 0), most) if rectify, as After defines it
//
// with distances in bytes, k and all sizes positive. Where first is not 0, at most k, a lies in
// runs of columns: behind the first so many, and then behind every run of them, it goes
// on jump bytes later. The assembly knows the fields by their order.
type microTile struct {
	k       int
	a       unsafe.Pointer
	aRow    int
	aColumn int
	b       unsafe.Pointer
	bRow    int
	c       unsafe.Pointer
	cRow    int
	columns int
	alpha   uint64 // the element's bits
	bias    unsafe.Pointer
	load    int
	ahead   int // how far ahead, in bytes, b is called into the cache
	first   int
	run     int
	jump    int
	rectify int
	most    uint64 // the element's bits
	rows    int
}

// microKernels are the micro-kernels of an instruction set and element type.
type microKernels struct {
	rows, columns int   // of the largest tile
	wide          []int // by the number of rows: how many columns few rows may have
	run           func(t *microTile)
}

// The portable tile: 2 x 4 sums are what 16 scalar registers hold.
const (
	portableRows    = 4
	portableColumns = 8
)

// portableTile is the contract of microTile in Go, for tiles up to
// portableRows x portableColumns.
func portableTile[T Float](t *microTile) {
	size := int(unsafe.Sizeof(T(0)))
	alpha, most := *(*T)(unsafe.Pointer(&t.alpha)), *(*T)(unsafe.Pointer(&t.most))
	for i := 0; i < t.rows; i += 2 {
		a := unsafe.Add(t.a, i*t.aRow)
		next := t.aRow
		if i+1 == t.rows {
			next = 0 // an odd row counts twice, and is stored once
		}
		for j := 0; j < t.columns; j += 4 {
			var s [2][4]T
			b := unsafe.Add(t.b, j*size)
			if j+4 <= t.columns {
				s = portableSums[T](t, a, next, b)
			} else {
				portableEdge(t, &s, a, next, b, t.columns-j)
			}
			for r := 0; r < min(2, t.rows-i); r++ {
				for q := 0; q < min(4, t.columns-j); q++ {
					c := (*T)(unsafe.Add(t.c, (i+r)*t.cRow+(j+q)*size))
					v := T(alpha * s[r][q])
					if t.load != 0 {
						v += *c
					}
					if t.bias != nil {
						v += *(*T)(unsafe.Add(t.bias, (j+q)*size))
					}
					if t.rectify != 0 {
						v = rectified(v, most)
					}
					*c = v
				}
			}
		}
	}
}

// portableSums sums two rows, next bytes apart, of four whole columns.
func portableSums[T Float](t *microTile, a unsafe.Pointer, next int, b unsafe.Pointer) [2][4]T {
	var s00, s01, s02, s03, s10, s11, s12, s13 T
	// Offsets, not pointers: behind the last element is no place for a pointer.
	atA, atB := 0, 0
	aColumn, bRow := t.aColumn, t.bRow
	left := t.first // until the next jump
	for l := t.k; l > 0; l-- {
		x := (*[4]T)(unsafe.Add(b, atB))
		a0, a1 := *(*T)(unsafe.Add(a, atA)), *(*T)(unsafe.Add(a, atA+next))
		x0, x1, x2, x3 := x[0], x[1], x[2], x[3]
		s00 += a0 * x0
		s01 += a0 * x1
		s02 += a0 * x2
		s03 += a0 * x3
		s10 += a1 * x0
		s11 += a1 * x1
		s12 += a1 * x2
		s13 += a1 * x3
		atA += aColumn
		atB += bRow
		if left--; left == 0 {
			atA += t.jump
			left = t.run
		}
	}
	return [2][4]T{{s00, s01, s02, s03}, {s10, s11, s12, s13}}
}

// portableEdge is portableSums of fewer than four columns.
func portableEdge[T Float](t *microTile, s *[2][4]T, a unsafe.Pointer, next int, b unsafe.Pointer, columns int) {
	at, left := 0, t.first
	for l := 0; l < t.k; l++ {
		a0, a1 := *(*T)(unsafe.Add(a, at)), *(*T)(unsafe.Add(a, at+next))
		for q := 0; q < columns; q++ {
			x := *(*T)(unsafe.Add(b, l*t.bRow+q*int(unsafe.Sizeof(a0))))
			s[0][q] += a0 * x
			s[1][q] += a1 * x
		}
		at += t.aColumn
		if left--; left == 0 {
			at += t.jump
			left = t.run
		}
	}
}

func portableKernels[T Float]() *microKernels {
	if is32[T]() {
		return &portable32
	}
	return &portable64
}

var (
	portable32 = microKernels{rows: portableRows, columns: portableColumns, run: portableTile[float32]}
	portable64 = microKernels{rows: portableRows, columns: portableColumns, run: portableTile[float64]}
)
