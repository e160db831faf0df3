package kernel

import "unsafe"

// multiply computes task i.
func (p *convPass[T]) multiply(w *convSpace[T], i int) {
	each := p.blockCount()
	group, section := i/each/p.sections, i/each%p.sections
	panels := ceilDiv(p.columns, p.micro.columns)
	first := share(panels, section, p.sections) * p.micro.columns
	last := min(p.columns, share(panels, section+1, p.sections)*p.micro.columns)
	if p.gathers {
		lo, hi := share(p.pixels(), i%each, each), share(p.pixels(), i%each+1, each)
		p.gathered(w, lo, hi, group, first, last)
		p.finished(lo, hi, first, last)
		return
	}
	b := p.blockAt(i % each)
	for q := range p.images.residues() {
		if rows := p.images.copyBlock(w, b, group, q); rows > 0 {
			p.tiles(w, b, group, q, rows, first, last)
		}
	}
	for y := b.top; y < b.bottom; y++ {
		at := (b.image*p.out.count[0] + y) * p.out.count[1]
		p.finished(at+b.left, at+b.right, first, last)
	}
}

// finished hands over the columns [first, last) of the pixels [lo, hi), where the pass
// has somebody to hand them to: the output has no gaps then.
func (p *convPass[T]) finished(lo, hi, first, last int) {
	c := p.columns
	switch {
	case p.finish == nil:
	case last-first == c:
		p.finish.Finish(lo, 0, p.out.values[lo*c:hi*c])
	default:
		for i := lo; i < hi; i++ {
			p.finish.Finish(i, first, p.out.values[i*c+first:i*c+last])
		}
	}
}

// tiles multiplies the windows that were copied, rows of them below each other in
// every column of the block, by the columns [first, last) of the kernel.
func (p *convPass[T]) tiles(w *convSpace[T], b block, group, residue, rows, first, last int) {
	x := &p.images
	line := x.taps[1] * x.channels
	lda, height := x.rowStep()*line, x.height(rows)
	distance := x.residues() * p.out.step[0] // of the rows in y
	for l := 0; l < p.length(); l += p.depth {
		for column := b.left; column < b.right; column++ {
			from := w.windows[(column-b.left)*height*line+l:]
			to := p.out.start + b.image*p.out.image + (b.top+residue)*p.out.step[0] + column*p.out.step[1]
			p.column(w, from, lda, rows, l, to, distance, group, first, last)
		}
	}
}

// column multiplies a column of rows of windows, lda elements apart from the piece l of
// the sum on, by the columns [first, last) of the kernel. The rows of the output begin
// at to, and are as far apart as distance says.
func (p *convPass[T]) column(w *convSpace[T], from []T, lda, rows, l, to, distance, group, first, last int) {
	m, t := p.micro, &w.tile
	size := int(unsafe.Sizeof(*new(T)))
	k := p.length()
	t.k, t.load = min(p.depth, k-l), min(l, 1)
	*(*T)(unsafe.Pointer(&t.alpha)) = 1
	t.cRow = distance * size
	to += group * p.columns
	packed := p.packed[(group*k+l)*roundUp(p.columns, m.columns):]
	crowds := lda*size%4096 == 0 && last-first > m.columns
	tiles := ceilDiv(rows, m.rows)
	for i, r := 0, 0; i < tiles; i++ {
		t.rows = ceilDiv(rows-r, tiles-i)
		t.a, t.aRow, t.aColumn = unsafe.Pointer(&from[r*lda]), lda*size, size
		if crowds {
			w.copyA(from[r*lda:], lda)
		}
		for at := first; at < last; at += m.columns {
			t.columns = min(m.columns, last-at)
			t.b, t.bRow = unsafe.Pointer(&packed[at*t.k]), m.columns*size
			t.ahead = t.bRow * 8
			t.c = unsafe.Pointer(&p.out.values[to+r*distance+at])
			t.bias = nil
			if p.bias != nil && l+t.k == k {
				t.bias = unsafe.Pointer(&p.bias[group*p.columns+at])
			}
			m.run(t)
		}
		r += t.rows
	}
}
