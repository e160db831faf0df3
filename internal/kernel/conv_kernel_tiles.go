package kernel

import "unsafe"

// gradientRows are pixels of y's gradient, of a group: rows as they lie, or copied into panels of a tile's columns.
type gradientRows[T float32 | float64] struct {
	values   []T
	pixels   int
	distance int // of pixels
	panel    int // distance of the panels
}

// from returns the pixels [skip, skip+pixels) of them.
func (d gradientRows[T]) from(skip, pixels int) gradientRows[T] {
	d.values, d.pixels = d.values[skip*d.distance:], pixels
	return d
}

// gradientOf returns the pixels of a block, copied unless few tiles read them.
func (p *kernelGradient[T]) gradientOf(w *convSpace[T], b block, group int) gradientRows[T] {
	_, out := p.channels()
	width, pixels := b.right-b.left, (b.bottom-b.top)*(b.right-b.left)
	from := ((b.image*p.Out[0]+b.top)*p.Out[1]+b.left)*p.OutChannels + group*out
	reads := p.Size[0] * ceilDiv(p.line(), p.micro.rows)
	dense := out <= p.micro.columns && p.Groups == 1
	if p.contiguous(b) && (dense || reads <= fewRows && !crowded(p.OutChannels*int(unsafe.Sizeof(p.alpha)))) {
		return gradientRows[T]{values: p.dy[from:], pixels: pixels, distance: p.OutChannels, panel: p.micro.columns}
	}
	d := p.panels(w, pixels)
	if p.contiguous(b) {
		d.copy(p, 0, pixels, from)
		return d
	}
	for row := range b.bottom - b.top {
		d.copy(p, row*width, width, from+row*p.Out[1]*p.OutChannels)
	}
	return d
}

// panels returns room for so many pixels.
func (p *kernelGradient[T]) panels(w *convSpace[T], pixels int) gradientRows[T] {
	_, out := p.channels()
	width := p.micro.columns
	w.rows = grown(w.rows, ceilDiv(out, width)*width*pixels)
	return gradientRows[T]{values: w.rows, pixels: pixels, distance: width, panel: width * pixels}
}

// copy copies a run of pixels, which begins at from in y's gradient, to pixel at and those behind it.
func (d gradientRows[T]) copy(p *kernelGradient[T], at, run, from int) {
	_, out := p.channels()
	width := d.distance
	for column := 0; column < out; column += width {
		to := d.values[column/width*d.panel+at*width:][:run*width]
		if column+width <= out {
			packRows(to, p.dy[from+column:], p.OutChannels, width)
			continue
		}
		for k := range run {
			copy(to[k*width:][:out-column], p.dy[from+column+k*p.OutChannels:])
		}
	}
}

// products adds to rows of c the products of a, a line for each pixel, transposed, with y's gradient; without a tile.load,
// it sets them.
func (p *kernelGradient[T]) products(w *convSpace[T], a lineRows[T], rows int, dy gradientRows[T], c []T) {
	_, out := p.channels()
	m, t := p.micro, &w.tile
	size := int(unsafe.Sizeof(p.alpha))
	t.bias, t.rectify = nil, 0
	t.k = dy.pixels
	t.aRow, t.aColumn = size, a.distance*size
	t.first, t.run, t.jump = 0, a.width, (a.row-a.width*a.distance)*size
	if t.jump != 0 {
		t.first = min(t.run, t.k)
	}
	t.bRow = dy.distance * size
	t.ahead = t.bRow * 8
	t.cRow = p.OutChannels * size
	tiles := ceilDiv(rows, m.rows)
	for i, r := 0, 0; i < tiles; i++ {
		t.rows = ceilDiv(rows-r, tiles-i)
		t.a = unsafe.Pointer(&a.values[r])
		for at := 0; at < out; at += m.columns {
			t.columns = min(m.columns, out-at)
			t.b = unsafe.Pointer(&dy.values[at/m.columns*dy.panel])
			t.c = unsafe.Pointer(&c[r*p.OutChannels+at])
			m.run(t)
		}
		r += t.rows
	}
}
