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
		for r := 0; r < rows; r++ {
			p.addTo(c[r*p.ldc:][:columns], j)
		}
		p.final(i, i+rows)
		return
	}
	load := p.beta != 0
	if load {
		scaleMatrix(rows, columns, p.beta, c, p.ldc)
	}
	if p.dotted {
		p.dots(i, rows, load)
		p.final(i, i+rows)
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
		if p.Bias != nil {
			v += p.Bias[0]
		}
		if p.Rectify {
			v = rectified(v, p.Most)
		}
		p.c[r*p.ldc] = v
	}
}

// part is what a piece of k contributes to a block of c.
type part[T float32 | float64] struct {
	*product[T]
	t             *microTile
	i, j          int // where the block begins
	a, b          []T // from the block's first row and column, and the piece's begin, on
	rows, columns int
	tiles         int // above each other
	whole         int // columns that are read from panels where b lies in rows
	size          int // of an element
	last          bool
}

// piece adds to a block of c what a piece of k from l on contributes.
func (p *product[T]) piece(w *workspace[T], i, j, l, rows, columns int, last bool) {
	x := part[T]{
		product: p, t: &w.tile, i: i, j: j, rows: rows, columns: columns, last: last,
		a:     p.a[i*p.aRow+l*p.aColumn:],
		tiles: ceilDiv(rows, p.micro.rows),
		whole: columns / p.micro.columns * p.micro.columns,
		size:  int(unsafe.Sizeof(p.alpha)),
	}
	if p.panelsOfB != nil {
		x.whole = columns
		x.packed(w, p.panelsOfB[l*roundUp(p.n, p.micro.columns)+j*x.t.k:])
		return
	}
	x.b = p.b[l*p.bRow+j*p.bColumn:]
	// Few tiles above each other read b where it lies, once each; more of them
	// repay a copy that is read without gaps.
	if p.bColumn == 1 && (x.tiles == 1 || x.tiles <= fewRows && !crowded(p.bRow*x.size)) {
		x.inPlace()
	} else {
		x.packB(w, x.b, x.t.k, columns, x.whole)
		x.packed(w, w.b)
	}
}

// inPlace goes down the tiles of a panel before it takes the next: its piece of b is in
// the L1 cache then.
func (x *part[T]) inPlace() {
	t, m := x.t, x.micro
	t.aRow, t.aColumn = x.aRow*x.size, x.aColumn*x.size
	t.bRow = x.bRow * x.size
	for at := 0; at < x.columns; at += t.columns {
		t.columns = m.columns
		if x.rows < len(m.wide) {
			t.columns = m.wide[x.rows]
		}
		t.columns = min(t.columns, x.columns-at)
		t.b = unsafe.Pointer(&x.b[at])
		for k, r := 0, 0; k < x.tiles; k++ {
			t.rows = ceilDiv(x.rows-r, x.tiles-k)
			t.a = unsafe.Pointer(&x.a[r*x.aRow])
			x.run(r, at)
			r += t.rows
		}
	}
	if x.last {
		x.final(x.i, x.i+x.rows)
	}
}

// packed goes along the panels, copies of b, with a tile's rows of a before it takes the
// next ones: these are in the L1 cache then, and the panels in the L2 cache.
func (x *part[T]) packed(w *workspace[T], panels []T) {
	t, m := x.t, x.micro
	// Rows a page apart fall into one set of the L1 cache, which has not room
	// for all rows of a tile.
	copyA := x.aColumn == 1 && x.aRow*x.size%4096 == 0 && x.columns > m.columns
	from := 0
	for k, r := 0, 0; k < x.tiles; k++ {
		t.rows = ceilDiv(x.rows-r, x.tiles-k)
		t.a, t.aRow, t.aColumn = unsafe.Pointer(&x.a[r*x.aRow]), x.aRow*x.size, x.aColumn*x.size
		if copyA {
			x.packA(w, x.a[r*x.aRow:])
		}
		for at := 0; at < x.columns; at += m.columns {
			t.columns = min(m.columns, x.columns-at)
			if x.bColumn == 1 && at >= x.whole {
				t.b, t.bRow = unsafe.Pointer(&x.b[at]), x.bRow*x.size
			} else {
				t.b, t.bRow = unsafe.Pointer(&panels[at*t.k]), m.columns*x.size
			}
			x.run(r, at)
		}
		r += t.rows
		if x.last && (r == x.rows || (r-from)*x.columns >= finishLeast) {
			x.final(x.i+from, x.i+r)
			from = r
		}
	}
}

// run computes the tile at row r and column at of the block.
func (x *part[T]) run(r, at int) {
	const rowsAhead = 8
	t := x.t
	t.ahead = t.bRow * rowsAhead
	t.c = unsafe.Pointer(&x.c[(x.i+r)*x.ldc+x.j+at])
	x.place(t, x.j+at, x.last)
	x.micro.run(t)
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
	const widest, line = 128, 64
	size := int(unsafe.Sizeof(T(0)))
	return &workspace[T]{
		a: aligned[T](tallestTile*(maxDepth+line/size), line),
		b: aligned[T](morePanels*widest/size*maxDepth, line),
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
	t.a, t.b, t.c = nil, nil, nil
	t.bias, t.rectify = nil, 0
	if is32[T]() {
		workspaces32.Put(w)
	} else {
		workspaces64.Put(w)
	}
}
