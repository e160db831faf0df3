package kernel

import (
	"sync"
	"unsafe"
)

// workspace is what one goroutine needs to compute blocks of a product.
type workspace[T float32 | float64] struct {
	tile microTile
	a, b []T // packed pieces
}

// block computes rows x columns of c from row i and column j on.
func (p *product[T]) block(w *workspace[T], i, j, rows, columns int) {
	c := p.c[i*p.ldc+j:]
	if p.k == 0 || p.alpha == 0 {
		scaleMatrix(rows, columns, p.beta, c, p.ldc)
		if p.bias != nil {
			for r := 0; r < rows; r++ {
				row := c[r*p.ldc:][:columns]
				Add(row, row, p.bias[j:])
			}
		}
		return
	}
	load := p.beta != 0
	if load {
		scaleMatrix(rows, columns, p.beta, c, p.ldc)
	}
	if p.dotted {
		p.dots(i, rows, load)
		return
	}
	size := int(unsafe.Sizeof(p.alpha))
	t := &w.tile
	t.cRow = p.ldc * size
	*(*T)(unsafe.Pointer(&t.alpha)) = p.alpha
	for l := 0; l < p.k; l += p.depth {
		t.k = min(p.depth, p.k-l)
		t.load = 0
		if load || l > 0 {
			t.load = 1
		}
		last := l+t.k == p.k
		p.piece(w, i, j, l, rows, columns, last)
	}
}

// dots computes rows of a matrix times a vector.
func (p *product[T]) dots(i, rows int, load bool) {
	for r := i; r < i+rows; r++ {
		v := p.alpha * Dot(p.a[r*p.aRow:][:p.k], p.b)
		if load {
			v += p.c[r*p.ldc]
		}
		if p.bias != nil {
			v += p.bias[0]
		}
		p.c[r*p.ldc] = v
	}
}

// piece adds to a block of c what a piece of k from l on contributes.
func (p *product[T]) piece(w *workspace[T], i, j, l, rows, columns int, last bool) {
	t, m := &w.tile, p.micro
	size := int(unsafe.Sizeof(p.alpha))
	tiles := ceilDiv(rows, m.rows)
	a, b := p.a[i*p.aRow+l*p.aColumn:], p.b[l*p.bRow+j*p.bColumn:]

	// Few tiles above each other read b where it lies, once each; more of them
	// repay a copy that is read without gaps.
	direct := p.bColumn == 1 && (tiles == 1 || tiles <= fewRows && !crowded(p.bRow*size))
	whole := columns / m.columns * m.columns
	if !direct {
		p.packB(w, b, t.k, columns, whole)
	}

	panel := func(at, width int) {
		t.columns = width
		t.c = unsafe.Pointer(&p.c[i*p.ldc+j+at])
		t.bias = nil
		if last && p.bias != nil {
			t.bias = unsafe.Pointer(&p.bias[j+at])
		}
		if direct || p.bColumn == 1 && at >= whole {
			t.b, t.bRow = unsafe.Pointer(&b[at]), p.bRow*size
		} else {
			t.b, t.bRow = unsafe.Pointer(&w.b[at*t.k]), m.columns*size
		}
		t.ahead = t.bRow * 8
	}
	if direct {
		t.aRow, t.aColumn = p.aRow*size, p.aColumn*size
		for at := 0; at < columns; {
			width := m.columns
			if rows < len(m.wide) {
				width = m.wide[rows]
			}
			width = min(width, columns-at)
			panel(at, width)
			c := t.c
			for k, r := 0, 0; k < tiles; k++ {
				t.rows = ceilDiv(rows-r, tiles-k)
				t.a = unsafe.Pointer(&a[r*p.aRow])
				t.c = unsafe.Add(c, r*t.cRow)
				m.run(t)
				r += t.rows
			}
			at += width
		}
		return
	}
	// Rows a page apart fall into one set of the L1 cache, which has not room
	// for all rows of a tile.
	copyA := p.aColumn == 1 && p.aRow*size%4096 == 0 && columns > m.columns
	for k, r := 0, 0; k < tiles; k++ {
		t.rows = ceilDiv(rows-r, tiles-k)
		t.a, t.aRow, t.aColumn = unsafe.Pointer(&a[r*p.aRow]), p.aRow*size, p.aColumn*size
		if copyA {
			p.packA(w, a[r*p.aRow:])
		}
		for at := 0; at < columns; at += m.columns {
			panel(at, min(m.columns, columns-at))
			t.c = unsafe.Add(t.c, r*t.cRow)
			m.run(t)
		}
		r += t.rows
	}
}

// crowded tells whether rows that lie so many bytes apart share few sets of the
// L1 cache, so that they drive each other out.
func crowded(distance int) bool { return distance%1024 == 0 }

// packA copies the rows of a tile so that they do not crowd the cache.
func (p *product[T]) packA(w *workspace[T], a []T) {
	t := &w.tile
	size := int(unsafe.Sizeof(p.alpha))
	row := t.k + 64/size
	for r := 0; r < t.rows; r++ {
		copy(w.a[r*row:r*row+t.k], a[r*p.aRow:])
	}
	t.a, t.aRow, t.aColumn = unsafe.Pointer(&w.a[0]), row*size, size
}

// packB copies depth rows of b in panels of a tile's columns. Where b lies in
// rows, a last panel of fewer columns is read where it lies.
func (p *product[T]) packB(w *workspace[T], b []T, depth, columns, whole int) {
	width := p.micro.columns
	if p.bColumn == 1 {
		for at := 0; at < whole; at += width {
			packRows(w.b[at*depth:][:width*depth], b[at:], p.bRow, width)
		}
		return
	}
	for at := 0; at < columns; at += width {
		packColumns(w.b[at*depth:][:width*depth], b[at*p.bColumn:], depth, min(width, columns-at), p.bColumn, width)
	}
}

// packRows sets dst[l*width+j] = src[l*distance+j] for j < width and every row of dst.
func packRows[T Float](dst, src []T, distance, width int) {
	if packRowsSIMD(dst, src, distance, width) {
		return
	}
	for l := 0; l*width < len(dst); l++ {
		copy(dst[l*width:][:width], src[l*distance:])
	}
}

// packColumns sets dst[l*width+j] = src[j*distance+l] for l < depth, j < columns.
func packColumns[T Float](dst, src []T, depth, columns, distance, width int) {
	j := 0
	blocks := depth / 8
	if is32[T]() && blocks > 0 {
		for ; j+8 <= columns && packColumns8(as32(dst[j:]), as32(src[j*distance:]), blocks, distance, width); j += 8 {
			for q := j; q < j+8; q++ {
				for l := blocks * 8; l < depth; l++ {
					dst[l*width+q] = src[q*distance+l]
				}
			}
		}
	}
	for ; j < columns; j++ {
		for l, v := range src[j*distance:][:depth] {
			dst[l*width+j] = v
		}
	}
}

var workspaces32 = sync.Pool{New: func() any { return newWorkspace[float32]() }}
var workspaces64 = sync.Pool{New: func() any { return newWorkspace[float64]() }}

// newWorkspace makes room for the pieces of the largest task of any
// instruction set: tiles of up to 14 rows and 128 bytes, bar those that read b
// where it lies.
func newWorkspace[T float32 | float64]() *workspace[T] {
	const tallest, widest, line = 14, 128, 64
	size := int(unsafe.Sizeof(T(0)))
	return &workspace[T]{
		a: aligned[T](tallest*(maxDepth+line/size), line),
		b: aligned[T](maxPanels*widest/size*maxDepth, line),
	}
}

// aligned returns n elements that begin at a multiple of so many bytes.
func aligned[T Float](n, bytes int) []T {
	size := int(unsafe.Sizeof(T(0)))
	x := make([]T, n+bytes/size)
	at := int(uintptr(unsafe.Pointer(&x[0]))) & (bytes - 1)
	return x[(bytes-at)&(bytes-1)/size:][:n:n]
}

func takeWorkspace[T float32 | float64]() *workspace[T] {
	if is32[T]() {
		return any(workspaces32.Get()).(*workspace[T])
	}
	return any(workspaces64.Get()).(*workspace[T])
}

func (w *workspace[T]) release() {
	t := &w.tile
	t.a, t.b, t.c, t.bias = nil, nil, nil, nil
	if is32[T]() {
		workspaces32.Put(w)
	} else {
		workspaces64.Put(w)
	}
}
